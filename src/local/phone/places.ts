/** Pins to choose from on the phone: neighbourhoods of Etimesgut, and one place outside the district. */
export const places = [
  { name: 'Süvari Mahallesi', latitude: 39.94325, longitude: 32.64443 },
  { name: 'Piyade Mahallesi', latitude: 39.94655, longitude: 32.63613 },
  { name: 'Elvan Mahallesi', latitude: 39.94727, longitude: 32.62873 },
  { name: 'Topçu Mahallesi', latitude: 39.94801, longitude: 32.61938 },
  { name: 'Eryaman Mahallesi', latitude: 39.97465, longitude: 32.62384 },
  { name: 'Bağlıca Mahallesi', latitude: 39.88817, longitude: 32.6375 },
  { name: 'Kızılay (ilçe dışı)', latitude: 39.92077, longitude: 32.85411 },
] as const;
