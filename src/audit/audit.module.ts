import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IndexingModule } from '../indexing/indexing.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { AdoptService } from './adopt.service.js';
import { AuditScopes } from './audit-scope.js';
import { AuditService } from './audit.service.js';
import { Confirmation } from './confirmation.js';
import { PatientStorage } from './patient-storage.js';
import { StorageWalk } from './storage-walk.entity.js';
import { Suspects } from './suspects.js';
import { WalkRecords } from './walk-records.js';
import { WalkedAsset } from './walked-asset.entity.js';
import { Walker } from './walker.js';

/** One walk of storage and two reports on it, audit and adopt, without workers and API. */
@Module({
  imports: [TypeOrmModule.forFeature([StorageWalk, WalkedAsset]), IndexingModule, UploadModule],
  providers: [AuditScopes, WalkRecords, PatientStorage, Walker, Suspects, Confirmation, AuditService, AdoptService],
  exports: [AuditScopes, Walker, AuditService, AdoptService],
})
export class AuditModule {}
