import { Link } from 'wouter';
import { connection } from './api/connection';
import { isTokenWanted } from './api/token';
import { Icon } from './parts/icon';
import { THEMES, type Theme, theme } from './parts/theme';
import { useValue } from './parts/use-value';
import { UserMenu } from './user-menu';

const VIEWS = [
  ['/', 'Studio'],
  ['/gallery', 'Gallery'],
  ['/characters', 'Characters'],
  ['/backends', 'Backends'],
];

/** The ways to the views, and how things stand: the connection, the user, the theme. */
export function TopBar() {
  return (
    <header className="top-bar">
      <Link href="/" className="brand">
        <svg className="mark" viewBox="0 0 20 20" aria-hidden="true">
          <rect x="1.5" y="3" width="17" height="14" rx="2" />
          <path d="M6.5 3v14 M13.5 3v14" />
        </svg>
        Filmroll
      </Link>
      <nav aria-label="Views">
        {VIEWS.map(([href, name]) => (
          <Link key={href} href={href} className={(isActive) => (isActive ? 'active' : '')}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="standing">
        <LinkState />
        <UserMenu />
        <ThemeButton />
      </div>
    </header>
  );
}

function LinkState() {
  const { link } = useValue(connection);
  const isSignedOut = useValue(isTokenWanted);
  const words = { connecting: 'connecting…', live: 'live', reconnecting: 'reconnecting…' };
  return (
    <span className="link-state" data-link={isSignedOut ? 'signed-out' : link} role="status">
      <span className="dot" /> {isSignedOut ? 'signed out' : words[link]}
    </span>
  );
}

const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

function ThemeButton() {
  const now = useValue(theme) as Theme;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  const label = `Theme: ${now}. Change to ${next}`;
  return (
    <button type="button" className="quiet" onClick={() => theme.set(next)} title={label} aria-label={label}>
      <Icon name={ICONS[now] ?? 'system'} />
    </button>
  );
}
