export type ColorScheme = 'dark' | 'light' | 'system';

export const COLOR_SCHEMES: readonly ColorScheme[] = ['system', 'light', 'dark'];

const KEY = 'keptn-color-scheme';

export const storedScheme = (): ColorScheme =>
  COLOR_SCHEMES.find((scheme) => scheme === localStorage.getItem(KEY)) ?? 'system';

export function applyScheme(scheme: ColorScheme): void {
  localStorage.setItem(KEY, scheme);
  document.documentElement.dataset['scheme'] = scheme;
}
