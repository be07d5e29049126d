import { DatabaseUnusable } from '../spool.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';
export const FEATURE_NOT_SUPPORTED = '0A000';

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

/** Another transaction blocked this one, and nothing was written: a retry succeeds once that one has ended. */
export function isContention(error: unknown): boolean {
  // Each INSERT has an ON CONFLICT, so a unique violation is a race with the build of an index.
  return [LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, UNIQUE_VIOLATION].includes(codeOf(error));
}

/** Data exceptions and constraint violations (SQLSTATE classes 22, 23), limits (54): the callback itself is at fault. */
export function isFaultOfItem(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error)) && !isContention(error);
}

/**
 * The remedy for a database that cannot be used with this DATABASE_URL; null if it is only unreachable.
 * @param url only its user, host and database are shown
 */
export function remedyFor(error: unknown, url: string): string | null {
  if (error instanceof DatabaseUnusable) return error.message;
  const { hostname, port, pathname, username } = new URL(url);
  const [role, database] = [username, pathname.slice(1)].map((name) => JSON.stringify(decoded(name)));
  const { message = '' } = error as Error;
  switch (codeOf(error)) {
    case '28P01':
      return `DATABASE_URL: the password of the role ${role} is wrong or missing, or there is no such role: correct user and password`;
    case '28000':
      return `DATABASE_URL: the role ${role} may not log in from here: create it, or allow it in pg_hba.conf (${message})`;
    case '3D000':
      return `DATABASE_URL: there is no database ${database}: create it (CREATE DATABASE), or correct the name`;
    case '42501':
      return `DATABASE_URL: the role ${role} lacks a privilege (${message}): GRANT CONNECT ON DATABASE, and USAGE and CREATE ON SCHEMA`;
    case '3F000':
      return `DATABASE_URL: there is no schema to create tables in (${message}): create it, or correct search_path`;
    case '08P01':
      return `DATABASE_URL: a connection pooler refuses the connection (${message}): allow its parameters, or connect to PostgreSQL itself`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `DATABASE_URL: the host name ${JSON.stringify(hostname)} cannot be resolved: correct it`;
    case 'ECONNREFUSED':
      return `DATABASE_URL: nothing listens on ${hostname} port ${port || '5432'}: start PostgreSQL, or correct host and port`;
  }
  if (message.startsWith('SASL:'))
    return `DATABASE_URL: PostgreSQL asks for a password (${message}): write it as postgres://USER:PASSWORD@HOST/DATABASE`;
  if (/certificate|\bSSL\b|\bTLS\b/i.test(message))
    return `DATABASE_URL: TLS cannot be set up (${message}): correct sslmode and sslrootcert`;
  return null;
}

/** Like the client, takes a % that encodes nothing literally. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
