/** Formats a pin with a precision of about one metre. */
export function coordinatesText({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** Returns the URL of a public map with the pin, without login. */
export function mapUrl({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const at = `${latitude.toFixed(5)}/${longitude.toFixed(5)}`;
  const [lat, lon] = at.split('/');
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${at}`;
}

/** Returns the URL of a public map that searches for an address in words. */
export function mapSearchUrl(words: string): string {
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(words)}`;
}
