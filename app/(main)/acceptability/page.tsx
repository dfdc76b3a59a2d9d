import type { Metadata } from 'next'
import { AcceptabilityPage } from '../../../components/acceptability/acceptability-page.tsx'

export const metadata: Metadata = { title: 'Acceptability' }

export default function Page() {
  return <AcceptabilityPage />
}
