import pg from 'pg';

/** Node reads PostgreSQL's bigint as text; ids and milliseconds stay below 2^53. */
export const types = {
  getTypeParser: ((oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
