'use client'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, UserPlus, UsersRound } from 'lucide-react'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AddGroupDialog } from './add-group-dialog.tsx'
import { AddKeyDialog } from './add-key-dialog.tsx'
import { AddPersonDialog } from './add-person-dialog.tsx'
import { GroupSheet } from './group-sheet.tsx'
import { GroupsTable } from './groups-table.tsx'
import { KeysTable } from './keys-table.tsx'
import { PeopleTable } from './people-table.tsx'
import { PersonSheet } from './person-sheet.tsx'
import { SignInRules } from './sign-in-rules.tsx'

const views = ['people', 'groups', 'keys', 'sign-in'] as const

/** Who may come in and what for: people with their roles, groups, and API keys. */
export function PeoplePage() {
  const trpc = useTRPC()
  const [{ view, person, group }, setView] = useQueryStates({
    view: parseAsStringLiteral(views).withDefault('people'),
    person: parseAsString,
    group: parseAsString,
  })
  const [adding, setAdding] = useState<(typeof views)[number] | null>(null)
  const mayManage = useMay('people.manage')
  const people = useQuery(trpc.people.list.queryOptions())
  const groups = useQuery(trpc.group.list.queryOptions())
  const rules = useQuery(trpc.people.signInRules.queryOptions())
  const keys = useQuery(trpc.apiKey.list.queryOptions())
  const chosen = people.data?.find((each) => each.id === person) ?? null
  const chosenGroup = groups.data?.find((each) => each.id === group) ?? null

  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="People"
        actions={
          mayManage ? (
            <>
              <Button onClick={() => setAdding('keys')}>
                <KeyRound aria-hidden />
                New API key
              </Button>
              <Button onClick={() => setAdding('groups')}>
                <UsersRound aria-hidden />
                Add a group
              </Button>
              <Button variant="primary" onClick={() => setAdding('people')}>
                <UserPlus aria-hidden />
                Add a person
              </Button>
            </>
          ) : null
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
        <Tabs
          label="People, groups, API keys and sign-in"
          value={view}
          onChange={(next) => void setView({ view: next })}
          tabs={[
            {
              value: 'people',
              label: 'People',
              content: (
                <Loaded what="People" query={people}>
                  {(rows) => (
                    <PeopleTable
                      rows={rows}
                      selected={person}
                      onOpen={mayManage ? (id) => void setView({ person: id }) : undefined}
                    />
                  )}
                </Loaded>
              ),
            },
            {
              value: 'groups',
              label: 'Groups',
              content: (
                <Loaded what="Groups" query={groups}>
                  {(rows) => (
                    <GroupsTable
                      rows={rows}
                      selected={group}
                      onOpen={mayManage ? (id) => void setView({ group: id }) : undefined}
                    />
                  )}
                </Loaded>
              ),
            },
            {
              value: 'keys',
              label: 'API keys',
              content: (
                <Loaded what="API keys" query={keys}>
                  {(rows) => <KeysTable rows={rows} mayRevoke={mayManage} />}
                </Loaded>
              ),
            },
            {
              value: 'sign-in',
              label: 'Sign-in',
              content: (
                <Loaded what="What sign-in takes" query={rules}>
                  {(found) => <SignInRules key={found.version} rules={found} mayChange={mayManage} />}
                </Loaded>
              ),
            },
          ]}
        />
      </div>
      {chosen && mayManage ? (
        <PersonSheet key={chosen.id} person={chosen} onClose={() => void setView({ person: null })} />
      ) : null}
      {chosenGroup && people.data && mayManage ? (
        <GroupSheet
          key={chosenGroup.id}
          group={chosenGroup}
          people={people.data}
          onClose={() => void setView({ group: null })}
        />
      ) : null}
      {adding === 'groups' ? (
        <AddGroupDialog
          onAdded={(id) => {
            setAdding(null)
            void setView({ view: 'groups', group: id })
          }}
          onClose={() => setAdding(null)}
        />
      ) : null}
      {adding === 'people' ? <AddPersonDialog onClose={() => setAdding(null)} /> : null}
      {adding === 'keys' ? <AddKeyDialog people={people.data ?? []} onClose={() => setAdding(null)} /> : null}
    </div>
  )
}
