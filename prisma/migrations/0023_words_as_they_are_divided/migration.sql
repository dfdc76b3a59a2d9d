-- The parser of text search reads a part of an id such as "4e0a" as the number 4e0 and the letter a, so that one id in eight was
-- not found by itself. Words are now just what stands between dividers, as the search divides what is asked for.
CREATE OR REPLACE FUNCTION audit_words(canonical TEXT) RETURNS TSVECTOR
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS $$
  SELECT coalesce(
    array_to_tsvector(array_agg(DISTINCT left(word, 200)) FILTER (WHERE word <> '')),
    ''::tsvector
  )
  FROM unnest(string_to_array(
    translate(
      lower(regexp_replace(left(canonical, 20000), '\\[nrt]', ' ', 'g')),
      '{}[]()",:;.=<>/\|!?*&%$#+-_~^`''@',
      repeat(' ', 40)
    ),
    ' '
  )) AS word
$$;

REINDEX INDEX "AuditEntry_words_idx";
