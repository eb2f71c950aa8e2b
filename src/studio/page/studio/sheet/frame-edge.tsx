import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import type { FrameView } from '../live/sheet-view';
import { Icon } from '../parts/icon';
import { sizeText } from '../parts/time-text';
import { STATE_WORDS } from './state-words';

interface Props {
  frame: FrameView;
  /** How many frames the sheet has; null once it has ended: then the place within it is of no use any more. */
  total: number | null;
  behind: string;
}

/** The lower edge of a frame: its number as on film, how far it is, and what is to be known of it. */
export function FrameEdge({ frame, total, behind }: Props) {
  const { index, position, status, duplicateOf } = frame;
  return (
    <div className="edge">
      <Line frame={frame} />
      <span className="number">{index}</span>
      {total !== null && (
        <span className="position">
          {position}/{total}
        </span>
      )}
      <span className="state">
        {duplicateOf && (
          <Link href={`/image/${duplicateOf.id}`} state={{ behind }} className="twin" title="The same picture, byte for byte">
            <Icon name="twin" /> same as {duplicateOf.index}
          </Link>
        )}
        {status === 'UPLOADED' ? <Proof frame={frame} /> : <Word frame={frame} />}
      </span>
    </div>
  );
}

/** How far the stage is, or that it is under way. */
function Line({ frame: { status, fraction, index } }: Pick<Props, 'frame'>) {
  if (status === 'GENERATED' || status === 'UPLOADING') return <span className="line turning" />;
  if (status !== 'GENERATING') return null;
  const style = { '--fraction': fraction ?? 0 } as CSSProperties;
  return (
    <span
      className="line"
      style={style}
      role="progressbar"
      aria-label={`Frame ${index}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((fraction ?? 0) * 100)}
    />
  );
}

function Word({ frame: { status, fraction } }: Pick<Props, 'frame'>) {
  if (status === 'GENERATING' && fraction !== null) return <>{Math.round(fraction * 100)} %</>;
  return (
    <>
      {status === 'FAILED' && <Icon name="warning" />}
      {status === 'CANCELLED' && <Icon name="cancel" />} {STATE_WORDS[status]}
    </>
  );
}

/** The mark of a picture that storage has been proven to hold. */
function Proof({ frame: { sha256, bytes } }: Pick<Props, 'frame'>) {
  return (
    <span className="proof" title={`Proven stored: ${sizeText(bytes ?? 0)}, SHA-256 ${sha256?.slice(0, 16)}…`}>
      <Icon name="check" />
      <span className="unseen">stored</span>
    </span>
  );
}
