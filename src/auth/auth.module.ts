import { Module } from '@nestjs/common';
import { TokenReader } from './token-reader.js';

@Module({ providers: [TokenReader], exports: [TokenReader] })
export class AuthModule {}
