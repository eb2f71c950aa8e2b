import type { HeldStatus, ImageChange, Ledger, LedgerBatch, LedgerEvent, LedgerImage } from './evidence.js';
import type { Postgres } from './postgres.js';

/** Beside the service's own tables: every change of an image's status, with the name of the session that made it. */
const STORY = `
  CREATE SCHEMA chaos;
  CREATE TABLE chaos.image_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    image_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by text NOT NULL DEFAULT current_setting('application_name'),
    before text NOT NULL,
    after text NOT NULL,
    rescued boolean NOT NULL,
    prompt_id uuid
  );
  CREATE INDEX ON chaos.image_change (image_id, id);
  CREATE FUNCTION chaos.write_down() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO chaos.image_change (image_id, before, after, rescued, prompt_id)
    VALUES (NEW.id, OLD.status, NEW.status, NEW.lost_claims > OLD.lost_claims OR NEW.error->>'code' IS NOT DISTINCT FROM 'WORKER_LOST', NEW.prompt_id);
    RETURN NULL;
  END $$;
  CREATE TRIGGER chaos_story AFTER UPDATE ON image FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION chaos.write_down()`;

/** The newest change of every image that is in this status, which somebody holds. */
const NEWEST = `SELECT DISTINCT ON (image_id) change.* FROM chaos.image_change AS change JOIN image ON image.id = image_id
  WHERE status = $1 ORDER BY image_id, change.id DESC`;

/** From now on every change is written down, in the transaction that makes it. */
export async function writeStory(postgres: Postgres): Promise<void> {
  for (const statement of STORY.split(/;\n(?=\s+CREATE)/)) await postgres.query(statement);
}

/** Whether this process holds an image in this status. */
export async function holdsAny(postgres: Postgres, name: string, status: HeldStatus): Promise<boolean> {
  const held = await postgres.query(`SELECT FROM (${NEWEST}) AS newest WHERE by = $2 LIMIT 1`, [status, name]);
  return held.length > 0;
}

/** Which process holds an image now, in this status, that this one held in it at a moment of the past; null when none does. */
export async function successorOf(postgres: Postgres, name: string, status: HeldStatus, at: number): Promise<string | null> {
  const [successor] = await postgres.query<{ by: string }>(
    `SELECT newest.by FROM (${NEWEST}) AS newest JOIN chaos.image_change AS claim USING (image_id, after)
     WHERE newest.by <> $2 AND claim.by = $2 AND claim.at < to_timestamp($3 / 1000.0) AND newest.at > to_timestamp($3 / 1000.0) LIMIT 1`,
    [status, name, at],
  );
  return successor?.by ?? null;
}

/** The whole ledger as it is. */
export async function readLedger(postgres: Postgres): Promise<Ledger> {
  return {
    batches: await postgres.query<LedgerBatch>('SELECT id, status, last_event AS "lastEvent" FROM batch ORDER BY id'),
    images: await readImages(postgres),
    events: await postgres.query<LedgerEvent>(
      `SELECT batch_id AS "batchId", number, position, index, status FROM image_event ORDER BY batch_id, number`,
    ),
    changes: await postgres.query<ImageChange>(
      `SELECT image_id AS "imageId", extract(epoch FROM at)::double precision * 1000 AS at, by, before, after, rescued,
         prompt_id AS "promptId"
       FROM chaos.image_change ORDER BY id`,
    ),
  };
}

async function readImages(postgres: Postgres): Promise<LedgerImage[]> {
  const rows = await postgres.query<LedgerImage & { seed: string }>(
    `SELECT id, batch_id AS "batchId", series_id AS series, position, index, public_id AS "publicId", seed::text, status, sha256, md5, bytes,
       error->>'code' AS error FROM image ORDER BY id`,
  );
  return rows.map((row) => ({ ...row, seed: Number(row.seed) }));
}
