import { MigrationInterface, QueryRunner } from 'typeorm';

/** Which storage a walk reads. Walks from before are forgotten, for nobody knows theirs. */
export class WalkedPlace1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM storage_walk');
    await runner.query('ALTER TABLE storage_walk ADD COLUMN place text NOT NULL');
    await runner.query(
      `COMMENT ON COLUMN storage_walk.place IS 'Which storage it reads: a walk of another one says nothing about this one.'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE storage_walk DROP COLUMN place');
  }
}
