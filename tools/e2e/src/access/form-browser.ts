/** As many pages as a sign-in has, and some more. */
const MOST_PAGES = 30;

const FORM = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/;
const INPUT = /<(?:input|button)[^>]*name="([^"]*)"[^>]*>/g;
const VALUE = /value="([^"]*)"/;

const unescaped = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

interface Step {
  readonly url: URL;
  /** Submitted; without it the page is read. */
  readonly form?: URLSearchParams;
}

/** A browser without scripts: it keeps cookies, follows redirects, and fills forms in. */
export class FormBrowser {
  /** By host, as each server sees its own. */
  private readonly cookies = new Map<string, Map<string, string>>();

  /** @param fields what to fill in where a form asks for it */
  constructor(private readonly fields: Readonly<Record<string, string>>) {}

  /** Goes on from page to page, submitting the form of each, until `isEnd` says so or a page has no form. */
  async browse(url: string, isEnd: (url: URL) => boolean = () => false): Promise<{ url: URL; text: string }> {
    let next: Step = { url: new URL(url) };
    for (let page = 0; page < MOST_PAGES; page++) {
      const here = next.url;
      const response = await this.send(next);
      const text = await response.text();
      const location = response.headers.get('location');
      if (location !== null) {
        const target = new URL(location, here);
        if (isEnd(target)) return { url: target, text };
        next = { url: target };
        continue;
      }
      const form = this.formIn(text);
      if (isEnd(here) || form === undefined) return { url: here, text };
      next = { url: new URL(form.action, here), form: form.fields };
    }
    throw new Error(`${url} leads from page to page without an end`);
  }

  cookieOf(url: string, name: string): string | undefined {
    return this.cookies.get(new URL(url).host)?.get(name);
  }

  private formIn(html: string): { readonly action: string; readonly fields: URLSearchParams } | undefined {
    const [, action, content = ''] = FORM.exec(html) ?? [];
    if (action === undefined) return undefined;
    const inputs = [...content.matchAll(INPUT)].map(([input, name = '']): [string, string] => [
      name,
      this.fields[name] ?? unescaped(VALUE.exec(input)?.[1] ?? ''),
    ]);
    return { action: unescaped(action), fields: new URLSearchParams(inputs) };
  }

  private async send({ url, form }: Step): Promise<Response> {
    const known = this.cookies.get(url.host) ?? new Map<string, string>();
    this.cookies.set(url.host, known);
    const cookie = [...known].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      if (value === '') known.delete(name);
      else known.set(name, value);
    }
    return response;
  }
}
