/** A pin as crews read it out, to about a metre. */
export function coordinateWords({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** A page with the pin on a public map that asks for no account. */
export function mapUrl({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const at = `${latitude.toFixed(5)}/${longitude.toFixed(5)}`;
  const [lat, lon] = at.split('/');
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${at}`;
}
