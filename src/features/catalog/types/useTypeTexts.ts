import { useTranslation } from 'react-i18next';

/** What instance types and preferences are called on their pages. */
export function useTypeTexts(use: 'instancetype' | 'preference') {
  const { t } = useTranslation('plugin__virtdeck');
  if (use === 'instancetype') {
    return {
      plural: t('Instance types'),
      one: t('Instance type'),
      create: t('Create instance type'),
      lead: t('Sizes that virtual machines are made in: CPUs, memory and what goes with them.'),
      emptyTitle: t('No instance types yet'),
      emptyHint: t('Create the first one, or copy one of the cluster.'),
      loading: t('Loading the instance types'),
      usersText: t(
        'These virtual machines use it. They keep the size that they have; new ones cannot be made with it.',
      ),
    };
  }
  return {
    plural: t('Preferences'),
    one: t('Preference'),
    create: t('Create preference'),
    lead: t('What suits a guest operating system: firmware, devices and what it needs at least.'),
    emptyTitle: t('No preferences yet'),
    emptyHint: t('Create the first one, or copy one of the cluster.'),
    loading: t('Loading the preferences'),
    usersText: t(
      'These virtual machines use it. They keep what they have of it; new ones cannot be made with it.',
    ),
  };
}
