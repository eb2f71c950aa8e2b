import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { CHARACTERS } from '../api/character-operations';
import { send } from '../api/send';
import { token } from '../api/token';
import type { FrameStatus } from '../live/sheet-view';
import { useValue } from '../parts/use-value';
import { STATE_WORDS } from '../sheet/state-words';
import type { GalleryFilters } from './gallery-filters';

/** Milliseconds without a key before what was typed counts. */
const TYPED_FOR = 350;

interface Props {
  filters: GalleryFilters;
  onChange: (changed: Partial<GalleryFilters>) => void;
}

/** Whose, of whom, and in which state. Only who may see everybody's pictures is asked whose. */
export function FilterBar({ filters, onChange }: Props) {
  const signedIn = useValue(token);
  const { data } = useQuery({
    queryKey: ['characters', filters.username],
    queryFn: async ({ signal }) => (await send(CHARACTERS, { username: filters.username, after: null }, signal)).characters.nodes,
  });
  const unique = (names: string[]) => [...new Set(names)];
  return (
    <search className="filters">
      {(!signedIn || signedIn.isAdmin) && (
        <TextFilter
          label="User"
          value={filters.username}
          known={unique(data?.map(({ username }) => username) ?? [])}
          onChange={(username) => onChange({ username })}
        />
      )}
      <TextFilter
        label="Character"
        value={filters.character}
        known={unique(data?.map(({ name }) => name) ?? [])}
        onChange={(character) => onChange({ character })}
      />
      <label>
        <span className="unseen">State</span>
        <select value={filters.status ?? ''} onChange={({ target }) => onChange({ status: (target.value || null) as FrameStatus | null })}>
          <option value="">Any state</option>
          {Object.entries(STATE_WORDS).map(([status, word]) => (
            <option key={status} value={status}>
              {word}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

interface TextFilterProps {
  label: string;
  value: string | null;
  known: string[];
  onChange: (value: string | null) => void;
}

function TextFilter({ label, value, known, onChange }: TextFilterProps) {
  const listId = useId();
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  useEffect(() => {
    if (typed === (value ?? '')) return;
    const timer = setTimeout(() => onChange(typed || null), known.includes(typed) ? 0 : TYPED_FOR);
    return () => clearTimeout(timer);
  });
  return (
    <label>
      <span className="unseen">{label}</span>
      <input
        type="search"
        list={listId}
        placeholder={label}
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <datalist id={listId}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}
