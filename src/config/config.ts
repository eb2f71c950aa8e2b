import { plainToInstance } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsUrl, Matches, MaxLength, MinLength, validateSync } from 'class-validator';
import { CloudinaryAccount, cloudinaryAccount } from './cloudinary-account.js';
import { Duration, Flag, FromText, HttpHeaders, WholeNumber, words } from './from-text.js';

const ADDRESS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** Every setting of the service, read once from the environment. Durations are in milliseconds. */
export class Config {
  /** What this process does: serve the API, make and store pictures, or both. */
  @IsIn(['all', 'api', 'worker'], { message: 'ROLE must be all, api or worker' })
  ROLE: 'all' | 'api' | 'worker' = 'all';

  HOST = '127.0.0.1';

  @WholeNumber(0, 65535)
  PORT = 3000;

  /** Where clients reach this service; null: http://HOST:PORT. */
  @IsOptional()
  @IsUrl(ADDRESS, { message: 'PUBLIC_URL must be an http:// or https:// address' })
  @Matches(/^[^/]*\/\/[^/?#]*\/?$/, { message: 'PUBLIC_URL must be the root of a host, with nothing behind it' })
  PUBLIC_URL: string | null = null;

  /** Holds the embedded database and the local assets. */
  DATA_DIR = './data';

  /** Another PostgreSQL (15 or newer) instead of the embedded one. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL must begin with postgres://' })
  DATABASE_URL: string | null = null;

  /** BullMQ on this Redis instead of on PostgreSQL. */
  @IsOptional()
  @Matches(/^rediss?:\/\//, { message: 'REDIS_URL must begin with redis:// or rediss://' })
  REDIS_URL: string | null = null;

  /** ComfyUI servers, separated by commas; none: the demo generator. */
  @FromText(words)
  @IsUrl(ADDRESS, { each: true, message: 'COMFYUI_URLS must be http:// or https:// addresses, separated by commas' })
  COMFYUI_URLS: string[] = [];

  /** Headers for every request to ComfyUI, as a proxy in front of it may want them; a JSON object. */
  @HttpHeaders()
  COMFYUI_HEADERS: Record<string, string> = {};

  /** Folder of workflows in ComfyUI's API format, beside the built-in one. */
  WORKFLOWS_DIR: string | null = null;

  /** Leaves prompt and workflow in the pictures' metadata, where whoever has the picture can read them. */
  @Flag()
  KEEP_PROMPT_METADATA = false;

  /** Cloudinary instead of the local disk: `cloudinary://key:secret@cloud`. */
  @IsOptional()
  @FromText((text) => cloudinaryAccount(text) ?? text)
  @IsObject({
    message:
      'CLOUDINARY_URL must be cloudinary://key:secret@cloud, with nothing behind it but ?upload_prefix=https://…, and with / ? # in the secret as %2F %3F %23',
  })
  CLOUDINARY_URL: CloudinaryAccount | null = null;

  /** Largest picture that the Cloudinary account takes, in MiB: 10 on free plans, never more than 100. */
  @WholeNumber(1, 100)
  CLOUDINARY_MAX_MIB = 10;

  @WholeNumber(1, 1000)
  MAX_BATCH_SIZE = 100;

  /** How long the demo generator takes for one picture. */
  @Duration()
  DEMO_TIME = 2_000;

  @Duration()
  GENERATION_TIMEOUT = 600_000;

  /** How long storage may take to answer, before the picture is sent again. */
  @Duration()
  UPLOAD_TIMEOUT = 60_000;

  /** How long transient failures of one stage are tried again. */
  @Duration()
  RETRY_FOR = 3_600_000;

  @Duration()
  SHUTDOWN_TIMEOUT = 20_000;

  /** Images in flight at each backend, over all workers together: one running, one waiting. */
  @WholeNumber(1, 64)
  GENERATOR_SLOTS = 2;

  @WholeNumber(1, 64)
  UPLOAD_CONCURRENCY = 16;

  /** First part of every public id. Changing it changes the names of new images only. */
  @Matches(/^(?!v\d+(\/|$))[a-z0-9][a-z0-9_-]*(\/(?!v\d+(\/|$))[a-z0-9_-]+)*$/, {
    message: 'PUBLIC_ID_PREFIX must be lower-case words of a-z, 0-9, _ and - with / between them, none of the form v1',
  })
  @MaxLength(60)
  PUBLIC_ID_PREFIX = 'filmroll';

  /** HS256 secret of the tokens that callers send; with JWKS_URL absent and this absent the service is open. */
  @IsOptional()
  @MinLength(32, { message: 'JWT_SECRET must have at least 32 characters' })
  JWT_SECRET: string | null = null;

  @IsOptional()
  @IsUrl(ADDRESS, { message: 'JWKS_URL must be an http:// or https:// address' })
  JWKS_URL: string | null = null;

  /** Lets an open service (no JWT_SECRET, no JWKS_URL) listen on other addresses than loopback. */
  @Flag()
  ALLOW_ANONYMOUS = false;

  /** Whether a browser that opens /graphql gets GraphiQL. */
  @Flag()
  GRAPHIQL = true;

  /** Whether the API answers questions about its schema; GraphiQL needs it. */
  @Flag()
  INTROSPECTION = true;

  @IsIn(['error', 'warn', 'log', 'debug', 'verbose'], { message: 'LOG_LEVEL must be error, warn, log, debug or verbose' })
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' | 'verbose' = 'log';

  /** Whether this process serves the API. */
  get serves(): boolean {
    return this.ROLE !== 'worker';
  }

  /** Whether this process makes and stores pictures. */
  get works(): boolean {
    return this.ROLE !== 'api';
  }

  /** Whether callers must prove who they are. */
  get authenticated(): boolean {
    return this.JWT_SECRET !== null || this.JWKS_URL !== null;
  }

  /** Where the service listens, as a URL without a slash at the end. */
  get origin(): string {
    return `http://${this.HOST.includes(':') ? `[${this.HOST}]` : this.HOST}:${this.PORT}`;
  }

  /** The address of an asset as clients need it: a path on this service gets its public address in front. */
  absoluteUrl(url: string | null): string | null {
    return url && new URL(url, this.PUBLIC_URL ?? this.origin).href;
  }
}

/** One or more settings are wrong. The message names each variable and what it should be, never a value. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(['Filmroll cannot start with these settings:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads every setting from `env`; variables that are absent or empty keep their default. Throws one `ConfigError` that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.keys(new Config()).filter((name) => env[name]);
  const config = plainToInstance(Config, Object.fromEntries(given.map((name) => [name, env[name]])), { exposeDefaultValues: true });
  const faults = validateSync(config, { stopAtFirstError: true }).flatMap((error) => Object.values(error.constraints ?? {}));
  faults.push(...contradictions(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** What is wrong with settings that are each right. */
function contradictions(config: Config): string[] {
  const faults = [];
  if (config.serves && !config.authenticated && !config.ALLOW_ANONYMOUS && !LOOPBACK.includes(config.HOST)) {
    faults.push('HOST is not a loopback address: set JWT_SECRET or JWKS_URL so that callers prove who they are, or ALLOW_ANONYMOUS=true');
  }
  if (['api', 'worker'].includes(config.ROLE) && config.DATABASE_URL === null) {
    faults.push('DATABASE_URL is missing: the embedded database serves one process, and ROLE shares the work out to several');
  }
  return faults;
}
