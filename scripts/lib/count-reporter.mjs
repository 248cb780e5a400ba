// Reporter for node --test: one JSON object with the counts of the whole run, and the names and reasons of skipped
// tests.
export default async function* countReporter(source) {
  const skipped = [];
  let counts = { passed: 0, failed: 0, skipped: 0, cancelled: 0, todo: 0 };
  for await (const event of source) {
    if ((event.type === 'test:pass' || event.type === 'test:fail') && event.data.skip !== undefined) {
      skipped.push({ name: event.data.name, reason: typeof event.data.skip === 'string' ? event.data.skip : '' });
    }
    if (event.type === 'test:summary' && event.data.file === undefined) counts = event.data.counts;
  }
  yield JSON.stringify({ counts, skipped });
}
