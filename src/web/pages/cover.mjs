/* Draws rectangles on the photo instead of choosing cells. Without this script the cells do the same. */
const picture = document.querySelector('.cover');
const grid = document.querySelector('.cells');
const tools = document.querySelector('#drawing');
if (picture instanceof HTMLElement && grid instanceof HTMLElement && tools instanceof HTMLElement) {
  const [draw, undo] = tools.querySelectorAll('button');
  const count = tools.querySelector('[role=status]');
  const drawn = [];
  let from = null;
  tools.hidden = false;

  const pointOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    const part = (at, start, length) =>
      Math.max(0, Math.min(1000, Math.round(((at - start) / length) * 1000)));
    return { x: part(clientX, left, width), y: part(clientY, top, height) };
  };
  const place = (box, a, b) => {
    box.style.left = `${Math.min(a.x, b.x) / 10}%`;
    box.style.top = `${Math.min(a.y, b.y) / 10}%`;
    box.style.width = `${Math.abs(a.x - b.x) / 10}%`;
    box.style.height = `${Math.abs(a.y - b.y) / 10}%`;
  };
  const tell = () => {
    count.textContent =
      drawn.length === 0 ? 'Çizilen dikdörtgen yok.' : `${drawn.length} dikdörtgen çizildi.`;
    undo.disabled = drawn.length === 0;
  };

  draw.addEventListener('click', () => {
    const isOn = picture.classList.toggle('drawing');
    draw.setAttribute('aria-pressed', String(isOn));
  });
  undo.addEventListener('click', () => {
    drawn.pop()?.forEach(part => part.remove());
    tell();
  });
  picture.addEventListener('pointerdown', event => {
    if (!picture.classList.contains('drawing')) return;
    event.preventDefault();
    const box = document.createElement('span');
    box.className = 'box';
    picture.append(box);
    from = { at: pointOf(event), box };
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener('pointermove', event => {
    if (from) place(from.box, from.at, pointOf(event));
  });
  picture.addEventListener('pointercancel', () => {
    from?.box.remove();
    from = null;
  });
  picture.addEventListener('pointerup', event => {
    if (!from) return;
    const { at, box } = from;
    const to = pointOf(event);
    from = null;
    const [width, height] = [Math.abs(at.x - to.x), Math.abs(at.y - to.y)];
    if (width < 5 || height < 5) {
      box.remove();
      return;
    }
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'region';
    field.value = [Math.min(at.x, to.x), Math.min(at.y, to.y), width, height].join(',');
    grid.closest('form').append(field);
    drawn.push([box, field]);
    tell();
  });
  tell();
}
