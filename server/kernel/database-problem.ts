/** What TLS says of a certificate that no known authority signed. */
const unknownAuthority = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]

/** A name has several addresses, and an error for each; they say the same. */
const firstOf = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error)

/** Why there is no connection, and what would be right, in one sentence that shows no password. */
function reason(address: URL, error: unknown): string {
  const first = firstOf(error)
  if (!(first instanceof Error)) return String(first)
  const code = 'code' in first ? String(first.code) : ''
  const authority = address.searchParams.get('sslrootcert')
  if (unknownAuthority.includes(code)) {
    return authority === null
      ? 'Its certificate is not of an authority that is known here. Name the file of its authority: sslmode=verify-full&sslrootcert=/path/to/ca.crt'
      : `Its certificate was not signed by the authority in ${authority}, which sslrootcert names`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `Its certificate is for another name than ${address.hostname}: ${first.message}`
  if (code === 'ENOENT' && 'path' in first)
    return `There is no file ${String(first.path)}, which the address names for TLS`
  if (code === '28000' && first.message.includes('no encryption'))
    return `It lets nobody in without TLS: add ?sslmode=verify-full (${first.message})`
  return first.message
}

/** The variables that name a database. */
export type DatabaseVariable = 'DATABASE_URL' | 'DATABASE_OWNER_URL'

/**
 * An Error that says which database cannot be used and why. `url`: its address; `variable`: who named it.
 */
export function databaseProblem(
  url: string,
  error: unknown,
  variable: DatabaseVariable = 'DATABASE_URL',
): Error {
  if (!URL.canParse(url)) {
    return new Error(
      `${variable} is no address of a database: it reads postgresql://user:password@host:5432/name, with what is special in the password written as %23.`,
    )
  }
  const address = new URL(url)
  const why = reason(address, error)
  return new Error(
    `The database at ${address.host}, which ${variable} names, cannot be used. ${why.replace(/\.$/, '')}.`,
  )
}
