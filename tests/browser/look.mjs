// What every page is looked at for, whatever it is about; findings are gathered, so that one run tells all.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const screens = join(root, 'target/screens');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A looker for one server: `watch` a context, `look` at a page, read `problems` at the end. */
export function looker(address) {
  const problems = [];
  const seen = [];
  const expected = new WeakMap();
  rmSync(screens, { recursive: true, force: true });
  mkdirSync(screens, { recursive: true });

  /** Listens to everything that a context does behind the page. */
  const watch = (context, who) => {
    const note = text => problems.push(`${who}: ${text}`);
    context.on('request', request => {
      const url = new URL(request.url());
      const own = url.origin === address || ['data:', 'blob:', 'about:'].includes(url.protocol);
      if (!own) note(`a request left the server: ${url.origin}`);
    });
    context.on('response', response => {
      if (response.status() >= 500) note(`${response.status()} for ${response.request().method()} ${new URL(response.url()).pathname}`);
    });
    context.on('weberror', error => note(`script error: ${error.error().message}`));
    context.on('console', message => {
      if (!['error', 'warning'].includes(message.type())) return;
      // Chromium reports a page that answered 4xx as a console error; a walk that provokes one says so.
      const status = /status of (\d+)/.exec(message.text())?.[1];
      const page = message.page();
      if (status && page && expected.get(page)?.has(Number(status))) return;
      note(`console ${message.type()} on ${page ? new URL(page.url()).pathname : '?'}: ${message.text()}`);
    });
  };

  /** Lets a page answer with these statuses from now on. */
  const expect = (page, ...statuses) => expected.set(page, new Set(statuses));

  /** Looks at the page in two widths: accessibility, overflow, a picture. */
  const look = async (page, name) => {
    seen.push(name);
    await page.waitForLoadState();
    for (const [width, height] of [[1440, 900], [390, 844]]) {
      await page.setViewportSize({ width, height });
      const wide = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= limit) return [];
        // Boxes that scroll by themselves may be wider inside.
        const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
        const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > limit + 1 && !scrolls(e));
        return [`${document.documentElement.scrollWidth} > ${limit}`, ...out.slice(0, 4).map(e => `<${e.localName} class="${e.getAttribute('class') ?? ''}"> ${Math.round(e.getBoundingClientRect().right)}`)];
      });
      if (wide.length) problems.push(`${name} at ${width} px is wider than the window: ${wide.join(', ')}`);
      await page.evaluate(axe);
      const found = await page.evaluate(rules => globalThis.axe.run(document, { runOnly: rules, iframes: false, resultTypes: ['violations'] }), RULES);
      for (const violation of found.violations) {
        for (const node of violation.nodes.slice(0, 3)) {
          const why = [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ');
          problems.push(`${name} at ${width} px: ${violation.id}: ${node.target.join(' ')} (${why})`);
        }
        if (violation.nodes.length > 3) problems.push(`${name} at ${width} px: ${violation.id}: ${violation.nodes.length - 3} more`);
      }
      // For eyes; where nobody looks they only take time.
      if (!process.env.CI) await page.screenshot({ path: join(screens, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  return { problems, seen, watch, expect, look };
}
