/** Media type of one JSON value a line (https://github.com/ndjson/ndjson-spec). */
export const LINE_STREAM = 'application/x-ndjson';
