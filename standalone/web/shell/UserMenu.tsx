import { DropdownGroup, DropdownItem, DropdownList } from '@patternfly/react-core';
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '../i18n.ts';
import { type Language, languageChoice, languages } from '../languages.ts';
import { consoleFetchJSON } from '../sdk/consoleFetch.ts';
import { serverFlags } from '../serverFlags.ts';
import { MastheadMenu } from './MastheadMenu.tsx';
import { useFetched } from './useFetched.ts';

/** Who the API server says that we are (authentication.k8s.io, SelfSubjectReview). */
async function fetchUser(): Promise<{ username: string; groups: string[] }> {
  const review = (await consoleFetchJSON.post(
    '/api/kubernetes/apis/authentication.k8s.io/v1/selfsubjectreviews',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  )) as { status?: { userInfo?: { username?: string; groups?: string[] } } };
  const { username = '', groups = [] } = review.status?.userInfo ?? {};
  return { username, groups };
}

export function UserMenu() {
  const { t } = useTranslation('console');
  const user = useFetched(fetchUser);
  let name = t('User');
  if (user.state === 'ready' && user.data.username) name = user.data.username;
  if (user.state === 'error') name = t('Unknown user');
  return (
    <MastheadMenu
      label={t('User: {{name}}', { name })}
      icon={<UserIcon />}
      text={<span className="vc-user-name">{name}</span>}
    >
      <DropdownGroup label={t('Logged in as')}>
        <DropdownList>
          <DropdownItem
            isDisabled
            description={
              user.state === 'error'
                ? user.error.message
                : t('Identity of the kubeconfig, context {{context}}', {
                    context: serverFlags().clusterContext,
                  })
            }
          >
            {name}
          </DropdownItem>
        </DropdownList>
      </DropdownGroup>
      <LanguageChoice />
    </MastheadMenu>
  );
}

/** Languages by their own names, so that everybody finds theirs. */
function LanguageChoice() {
  const { t } = useTranslation('console');
  const [choice, setChoice] = useState(languageChoice);
  const item = (language: Language | undefined, name: ReactNode) => (
    <DropdownItem
      key={language ?? ''}
      isSelected={language === choice}
      onClick={() => {
        setChoice(language);
        void chooseLanguage(language);
      }}
    >
      {name}
    </DropdownItem>
  );
  return (
    <DropdownGroup label={t('Language')}>
      <DropdownList>
        {item(undefined, t('As the browser'))}
        {languages.map(([language, name]) => item(language, <span lang={language}>{name}</span>))}
      </DropdownList>
    </DropdownGroup>
  );
}
