const entities: Record<string, string> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

const decoded = (value: string): string =>
  value.replace(/&(?:amp|quot|#39|lt|gt);/g, entity => entities[entity] ?? entity);

/** Every address a reader can follow, in reading order and once each: the HTML's links first, then the text's. */
export function linksOf(html: string, text: string): string[] {
  const fromHtml = [...html.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(match =>
    decoded(match[1] ?? match[2] ?? ''),
  );
  const fromText = [...text.matchAll(/https?:\/\/[^\s<>"'\])]+/g)].map(match =>
    match[0].replace(/[.,;:!?]+$/, ''),
  );
  return [...new Set([...fromHtml, ...fromText])].filter(link => /^(https?|mailto|tel):/i.test(link));
}
