import type { ReactNode } from 'react';
import type { CharacterCard } from '../api/character-operations';
import { Icon } from '../parts/icon';

/** A character's embedding, as `children` name it, and on how many of the known backends it is now. */
export function EmbeddingState({ character: { embeddingCheck }, children }: { character: CharacterCard; children: ReactNode }) {
  const { found, of } = embeddingCheck ?? { found: 0, of: 0 };
  if (of === 0) return <>{children}, no backend is known just now</>;
  if (found === 0) {
    return (
      <span className="lacking">
        <Icon name="warning" /> {children} on none of {of === 1 ? 'one backend' : `${of} backends`}
      </span>
    );
  }
  return (
    <>
      <Icon name="check" /> {children} on {found}/{of}
    </>
  );
}
