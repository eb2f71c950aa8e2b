const SHAPES = {
  check: 'M3.5 8.5l3 3 6-7',
  warning: 'M8 2.5l6 11H2z M8 6.5v3.2 M8 11.6v.2',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7 M13 2.2v2.6h-2.6',
  copy: 'M5.5 5.5v-3h8v8h-3 M2.5 5.5h8v8h-8z',
  close: 'M3.5 3.5l9 9 M12.5 3.5l-9 9',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5-5 5',
  down: 'M3.5 6l4.5 4.5L12.5 6',
  cancel: 'M8 2.2a5.8 5.8 0 1 0 .01 0z M4 12l8-8',
  twin: 'M2.5 4.5h7v7h-7z M6.5 4.5v-2h7v7h-4',
  sun: 'M8 5.2a2.8 2.8 0 1 0 .01 0z M8 1v1.6 M8 13.4V15 M1 8h1.6 M13.4 8H15 M3 3l1.2 1.2 M11.8 11.8L13 13 M13 3l-1.2 1.2 M4.2 11.8L3 13',
  moon: 'M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2z',
  system: 'M8 2.2a5.8 5.8 0 1 0 .01 0z M8 2.2v11.6 M8 5h3.5 M8 8h5.6 M8 11h3.5',
  plus: 'M8 3v10 M3 8h10',
  open: 'M9.5 2.5h4v4 M13.5 2.5l-6 6 M6.5 3.5h-4v10h10v-4',
};

export type IconName = keyof typeof SHAPES;

/** A line drawing beside a word; it says nothing to a screen reader. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
