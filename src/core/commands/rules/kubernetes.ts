import type { Rules } from '../rule.ts';

export const kubernetes: readonly Rules[] = [
  {
    class: 'destructive',
    because: 'takes things out of a cluster',
    calls: [
      'kubectl delete|drain',
      'kubectl replace --force',
      'helm uninstall|delete|del|un',
      'helmfile destroy|delete',
      'kustomize delete',
      'argocd app|appset|proj|cluster delete|rm',
      'flux delete|uninstall',
      'eksctl delete',
      'nomad job|system stop|purge|gc',
      'istioctl uninstall',
      'kubeadm reset',
      'velero ** delete',
    ],
  },
  {
    class: 'production-deploy',
    because: 'changes what runs in a cluster',
    spares: 'own environments',
    calls: [
      'kubectl apply|patch|replace|edit|scale|autoscale|set|expose|run',
      {
        match: 'kubectl create',
        when: ({ arguments: a }) => !/^(token|(cluster)?role(binding)?)$/.test(a.operands[1]?.text ?? ''),
      },
      'kubectl rollout restart|undo|resume|pause',
      'helm install|upgrade|rollback',
      'helmfile apply|sync',
      'argocd app sync|rollback',
      'flux reconcile',
      'skaffold run|deploy',
      'nomad job run',
      'nomad run',
      'docker stack deploy',
    ],
  },
  {
    class: 'privilege',
    because: 'changes who may do what in a cluster',
    calls: [
      'kubectl create clusterrole|clusterrolebinding|role|rolebinding',
      'kubectl auth reconcile',
      'kubectl certificate approve',
      'eksctl create iamidentitymapping',
    ],
  },
];
