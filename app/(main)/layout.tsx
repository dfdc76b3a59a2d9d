import type { ReactNode } from 'react'
import { ApiProvider } from '../../components/api/provider.tsx'
import { Frame } from '../../components/frame/frame.tsx'

export default function MainLayout({ children }: { children: ReactNode }) {
  return (
    <ApiProvider>
      <Frame>{children}</Frame>
    </ApiProvider>
  )
}
