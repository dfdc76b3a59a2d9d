import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { OutboundRequest } from '../../kernel/outbound.ts'
import type { S3Config } from './kinds.ts'

type Data = string | ArrayBuffer | ArrayBufferView

/** SHA-256 and its HMAC in the form that the signer takes. */
class Sha256 {
  readonly #secret: Buffer | null
  #hash: Hash | Hmac

  constructor(secret?: Data) {
    this.#secret = secret === undefined ? null : bytesOf(secret)
    this.#hash = this.#begin()
  }

  update(data: Data): void {
    this.#hash.update(bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    this.#hash = this.#begin()
  }

  #begin(): Hash | Hmac {
    return this.#secret ? createHmac('sha256', this.#secret) : createHash('sha256')
  }
}

function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8')
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data)
}

/** PUT of one object at an S3-compatible store, path-style, signed with AWS Signature Version 4. */
export async function signedPut(
  { endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Config,
  key: string,
  body: string,
  at: Date,
): Promise<Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'>> {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`)
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  })
  const signed = await signer.sign(
    {
      method: 'PUT',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    },
    { signingDate: at },
  )
  return { url: url.href, method: 'PUT', headers: { ...signed.headers }, body }
}
