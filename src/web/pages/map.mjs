/* global L */
const box = document.querySelector('#map');
if (box instanceof HTMLElement) {
  const { latitude, longitude, tiles, attribution } = box.dataset;
  const at = [Number(latitude), Number(longitude)];
  const map = L.map(box, { scrollWheelZoom: false }).setView(at, 17);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  L.circleMarker(at, { radius: 10, color: '#a31919' }).addTo(map);
}
