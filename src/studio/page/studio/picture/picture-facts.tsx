import { Link } from 'wouter';
import type { Picture } from '../api/picture-operations';
import { CopyButton } from '../parts/copy-button';
import { Icon } from '../parts/icon';
import { sizeText } from '../parts/time-text';
import { useRetry } from '../sheet/sheet-header';
import { LongText } from './long-text';
import { Story } from './story-list';

/** All that is known of a picture, beside it. */
export function PictureFacts({ picture, behind }: { picture: Picture; behind?: string }) {
  const { character, username, index, batchId, duplicateOf } = picture;
  return (
    <div className="picture-facts">
      <header>
        <h1>
          {character} <span className="number">{index}</span>
        </h1>
        <p>
          {username} · <Link href={`/batch/${batchId}`}>frame {picture.position} of its batch</Link>
        </p>
      </header>
      <Failure picture={picture} />
      {duplicateOf && (
        <p className="twin-note">
          <Icon name="twin" /> Byte for byte the same picture as{' '}
          <Link href={`/image/${duplicateOf.id}`} state={behind ? { behind } : undefined}>
            {character} {duplicateOf.index}
          </Link>
          .
        </p>
      )}
      <Facts picture={picture} />
      <Story events={picture.events} />
    </div>
  );
}

function Failure({ picture: { error, batchId, position } }: { picture: Picture }) {
  const { mutate, isPending } = useRetry(batchId);
  if (!error) return null;
  return (
    <div className="fault">
      <Icon name="warning" />
      <div>
        <p>{error.message}</p>
        <button type="button" disabled={isPending} onClick={() => mutate(position)}>
          <Icon name="retry" /> {error.retryable ? 'Retry' : 'Retry anyway'}
        </button>
      </div>
    </div>
  );
}

function Facts({ picture }: { picture: Picture }) {
  const { batch, seed, publicId, sha256, url, width, height, bytes, format, backend, generationAttempts, uploadAttempts } = picture;
  const tries = [generationAttempts > 1 && `drawn in ${generationAttempts} tries`, uploadAttempts > 1 && `stored in ${uploadAttempts}`];
  const file = [width && `${width} × ${height}`, bytes && sizeText(bytes), format?.toUpperCase()].filter(Boolean).join(' · ');
  return (
    <dl className="facts">
      <Fact name="Prompt" text={batch.effectivePrompt} />
      <Fact name="Seed" text={String(seed)} />
      <Fact name="Public id" text={publicId} isCode />
      {url && <Fact name="URL" text={url} isCode />}
      {sha256 && <Fact name="SHA-256" text={sha256} isCode />}
      {file && <Fact name="File" text={file} isPlain />}
      {backend && <Fact name="Drawn by" text={[backend, ...tries].filter(Boolean).join(', ')} isPlain />}
    </dl>
  );
}

/** A fact with a button that copies it; a plain one is only to be read. */
function Fact({ name, text, isCode, isPlain }: { name: string; text: string; isCode?: boolean; isPlain?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {isCode ? <code>{text}</code> : <LongText text={text} />}
        {!isPlain && <CopyButton text={text} what={name} />}
      </dd>
    </div>
  );
}
