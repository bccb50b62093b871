import type { Rules } from '../rule.ts';

export const containers: readonly Rules[] = [
  {
    class: 'destructive',
    because: 'removes the data of containers',
    calls: [
      'docker compose down|rm -v|--volumes',
      'docker volume rm|remove|prune',
      'docker system prune',
      'docker rm -f|--force',
      'docker container|image|network|builder prune -a|--all',
      'docker swarm leave --force|-f',
      'docker stack|service|secret|config rm|remove',
      'vagrant destroy',
      'minikube|kind|k3d delete',
      'multipass|lxc delete',
      'virsh undefine|destroy|vol-delete',
    ],
  },
  {
    class: 'privilege',
    because: 'gives a container rights over the machine',
    calls: [
      'docker run|create|exec --privileged',
      {
        match: 'docker run|create',
        says: 'docker run with the machine mounted',
        when: ({ arguments: a }) =>
          a
            .valuesOf('-v', '--volume', '--mount')
            .some(({ text }) => /^\/:|docker\.sock|(source|src)=\/(,|$)/.test(text)),
      },
    ],
  },
];
