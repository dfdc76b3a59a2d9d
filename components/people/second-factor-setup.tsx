'use client'
import { renderSVG } from 'uqr'
import type { SecondFactorSetup } from '../../server/auth/contract.ts'
import { Secret } from '../ui/secret.tsx'

/** What the person's device and drawer get: the secret as a picture and in letters, and the recovery codes. */
export function SecondFactorSecrets({ setup }: { setup: SecondFactorSetup }) {
  const picture = `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(setup.uri, { border: 2 }))}`
  return (
    <ol className="flex list-decimal flex-col gap-4 pl-4">
      <li>
        <p className="mb-2">Read this picture with an authenticator app on your phone.</p>
        {/* biome-ignore lint/performance/noImgElement: a picture made here; the optimiser is switched off */}
        <img
          src={picture}
          alt="QR code of the secret; the letters below say the same"
          width={176}
          height={176}
          className="rounded-md border bg-white"
        />
        <div className="mt-2">
          <Secret label="Or type this key" value={setup.key.replaceAll(/(.{4})(?=.)/g, '$1 ')} />
        </div>
      </li>
      <li>
        <p className="mb-2">Keep the recovery codes: each opens once, should the phone be lost.</p>
        <Secret label="Recovery codes" value={setup.recoveryCodes.join('\n')} />
      </li>
    </ol>
  )
}
