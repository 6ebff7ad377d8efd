/* global L */
const box = document.querySelector('#map');
if (box instanceof HTMLElement) {
  const { latitude, longitude, tiles, attribution } = box.dataset;
  const at = [Number(latitude), Number(longitude)];
  const map = L.map(box, { scrollWheelZoom: false }).setView(at, 17);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  L.circleMarker(at, { radius: 10, color: '#a31919' }).addTo(map);
  const field = document.querySelector('#correct-pin');
  const chosen = L.circleMarker(at, { radius: 10, color: '#1d4ed8' });
  if (field instanceof HTMLInputElement) {
    map.on('click', ({ latlng }) => {
      chosen.setLatLng(latlng).addTo(map);
      field.value = `${latlng.lat.toFixed(5)}, ${latlng.lng.toFixed(5)}`;
    });
  }
}
