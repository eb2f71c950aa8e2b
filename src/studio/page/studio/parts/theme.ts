import { remembered } from './remembered';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What the reader has chosen. */
export const theme = remembered('theme', 'system');

/** Shows the page in the chosen theme, and in each that is chosen later. */
export function applyTheme(): void {
  const apply = () => (document.documentElement.dataset.theme = theme.get());
  theme.subscribe(apply);
  apply();
}
