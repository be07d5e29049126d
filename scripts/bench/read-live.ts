import { once } from 'node:events';
import { get } from 'node:http';

// A process that reads the live stream so many times at once, and drops what it reads. Says when all are open.
const [consoleUrl, pages] = process.argv.slice(2);
await Promise.all(
  Array.from({ length: Number(pages) }, async () => {
    const reading = get(`${consoleUrl}/api/live`, { agent: false });
    const [response] = await once(reading, 'response');
    if (response.statusCode !== 200) throw new Error(`/api/live answered ${response.statusCode}`);
    response.resume();
  }),
);
process.send?.('open');
