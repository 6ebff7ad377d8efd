import { phoneOf, say } from './chat.mjs';

export function closeSheets(phone) {
  for (const sheet of phone.querySelectorAll('.sheet')) sheet.hidden = true;
}

/** Opens a sheet of a phone, or closes it if it is open. */
export function openSheet(phone, name) {
  const sheet = phone.querySelector(`[data-sheet-name="${name}"]`);
  const wasOpen = !sheet.hidden;
  closeSheets(phone);
  sheet.hidden = wasOpen;
  delete sheet.dataset.replyTo;
  if (!wasOpen) sheet.querySelector('button, input, select')?.focus({ preventScroll: true });
  return sheet;
}

export function openList(phone, bubble) {
  const sheet = phone.querySelector('[data-sheet-name="rows"]');
  sheet.replaceChildren(bubble.querySelector('template.rows').content.cloneNode(true));
  sheet.dataset.message = bubble.dataset.id;
  sheet.hidden = true;
  openSheet(phone, 'rows');
  sheet.addEventListener('change', () => (sheet.querySelector('[data-act="send-row"]').disabled = false));
}

export function sendRow(phone) {
  const sheet = phone.querySelector('[data-sheet-name="rows"]');
  const replyId = sheet.querySelector('input:checked').value;
  closeSheets(phone);
  return say(phone, { type: 'tap', messageId: sheet.dataset.message, replyId });
}

const base64Of = file =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

export async function sendPhoto(form) {
  const phone = phoneOf(form);
  const caption = form.elements.caption.value.trim();
  const [file] = form.elements.file.files;
  const photo =
    file === undefined
      ? { sample: form.elements.sample.value }
      : { file: await base64Of(file), mimeType: file.type };
  closeSheets(phone);
  form.reset();
  return say(phone, { type: 'image', ...photo, ...(caption === '' ? {} : { caption }) });
}

export function fillPlace(form) {
  const [latitude, longitude] = form.elements.preset.value.split(',');
  form.elements.latitude.value = latitude;
  form.elements.longitude.value = longitude;
}

export function sendPlace(form, replyTo) {
  const phone = phoneOf(form);
  const { latitude, longitude, named, preset } = form.elements;
  closeSheets(phone);
  return say(phone, {
    type: 'location',
    latitude: Number(latitude.value.replace(',', '.')),
    longitude: Number(longitude.value.replace(',', '.')),
    ...(named.checked ? { name: preset.selectedOptions[0].textContent } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
  });
}
