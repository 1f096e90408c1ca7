set -e

echo "{{pod.name}}" "{{ user }}" $$
