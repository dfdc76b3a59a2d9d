import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { InvalidInputError } from '../kernel/errors.ts'
import { readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { dataDirOf } from './installation.ts'
import { type Secrets, secretFiles, secretsShape } from './secrets.ts'

type Given = Record<string, string | undefined>

/**
 * Puts another encryption key in the place of the one in the data folder, which then only opens.
 * @throws InvalidInputError if the key is not kept there; Error while InfraSage runs, which would go on with the old one
 */
export function renewEncryptionKey(given: Given): Promise<void> {
  return changeKeys(given, ({ encryptionKey, oldEncryptionKeys = [], ...secrets }) => ({
    ...secrets,
    encryptionKey: randomBytes(32).toString('hex'),
    oldEncryptionKeys: [encryptionKey, ...oldEncryptionKeys],
  }))
}

/** Drops the keys in the data folder that only open; a backup that they sealed opens no more. @throws as above */
export function forgetOldEncryptionKeys(given: Given): Promise<void> {
  return changeKeys(given, ({ oldEncryptionKeys: _, ...secrets }) => secrets)
}

async function changeKeys(given: Given, change: (secrets: Secrets) => Secrets): Promise<void> {
  const dataDir = dataDirOf(given)
  const file = secretFiles(dataDir).secrets
  const secrets = existsSync(file) ? readPrivateJson(file, secretsShape) : null
  if (given.INFRASAGE_ENCRYPTION_KEY !== undefined || secrets === null) {
    throw new InvalidInputError(
      'The encryption key is not kept in the data folder; change INFRASAGE_ENCRYPTION_KEY where it is set, and move the one before it to INFRASAGE_OLD_ENCRYPTION_KEYS.',
    )
  }
  const lock = await lockDataDir(dataDir)
  try {
    writePrivateJson(file, change(secrets))
  } finally {
    await lock.release()
  }
}
