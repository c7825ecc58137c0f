// A reporter for `node --test` that speaks to tests/run.py: one JSON line a test.

/** @param {AsyncIterable<{type: string, data: any}>} source */
export default async function* lines(source) {
  for await (const {type, data} of source) {
    if (type === 'test:pass' || type === 'test:fail') {
      if (data.details?.type === 'suite' || isWholeFile(data.name)) continue;
      const failure = data.details?.error;
      const text = type === 'test:fail' ? String(failure?.cause?.stack ?? failure?.cause ?? failure) : '';
      const seconds = Math.round((data.details?.duration_ms ?? 0) / 10) / 100;
      yield `${JSON.stringify({test: data.name, ok: type === 'test:pass', seconds, text})}\n`;
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message;
    }
  }
}

/** Older runners report each file as a test around its tests. @param {string} name */
const isWholeFile = (name) => name.endsWith('.mjs') || name.endsWith('.js');
