import { createTexts } from '../src/config/texts';
import { createPages } from '../src/web/html-pages';
import { withMap } from '../src/web/task/map-routes';
import { municipality, startDesk, type Desk } from './support/task-desk';
import { pageOf } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('map');
});
afterAll(() => desk.stop());

describe('the map of the task page', () => {
  it('is absent without a configured tile server, as is its script', async () => {
    const { link } = await desk.openCase();
    expect(await pageOf(link.url)).not.toMatch(/<script|id="map"/);
    expect((await fetch(link.url)).headers.get('content-security-policy')).not.toContain('script-src');
  });

  it('loads its script from the line, and pictures from that server only', () => {
    const policy = "default-src 'none';style-src 'sha256-x';img-src 'self';media-src 'self'";
    expect(withMap(policy, 'https://tiles.example/{z}/{x}/{y}.png')).toBe(
      "default-src 'none';script-src 'self';style-src 'self' 'sha256-x';img-src 'self' https://tiles.example;media-src 'self'",
    );
    const tiles = { url: 'https://tiles.example/{z}/{x}/{y}.png', attribution: '© "x"' };
    const pages = createPages({ ...municipality, mapTiles: tiles }, createTexts(municipality));
    expect(pages.styleHashes.join(' ')).toContain('sha256');
  });

  it.each(['leaflet.js', 'leaflet.css', 'map.mjs'])('%s is served by the line', async file => {
    const answer = await fetch(`${desk.base}/map/${file}`);
    expect(answer.status).toBe(200);
    expect((await answer.text()).length).toBeGreaterThan(300);
  });

  it.each(['map.eta', '..%2ftask.eta', 'leaflet-src.js', '__proto__'])('%s is not', async file => {
    expect((await fetch(`${desk.base}/map/${file}`)).status).toBe(404);
  });
});
