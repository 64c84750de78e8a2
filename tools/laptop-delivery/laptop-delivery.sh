#!/usr/bin/env bash
# A delivery over three stages on this machine, as far as the approval for production:
#
#   npm run laptop-delivery [-- VERSION]
#
# It needs a system that lists the commands of this folder: COMMANDS_FILE=tools/laptop-delivery/commands.yaml npm start
set -euo pipefail
cd "$(dirname "$0")"

version=${1:-1.0.0}
where=(--project=laptop --service=carts)

# Prints a command, then runs it.
run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

# A project with one service, what decides about its quality, and who deploys and tests it.
if ! keptn get project laptop --quiet > /dev/null 2>&1; then
  run keptn create project laptop --shipyard=shipyard.yaml
  run keptn create service carts --project=laptop
  for stage in dev staging production; do
    run keptn add-resource "${where[@]}" --stage=$stage --resource=slo.yaml
  done
fi
run keptn apply -f subscriptions.yaml

# A new artifact: it is deployed, tested and judged in dev and in staging, and then somebody has to approve it.
printf '\n$ keptn send event new-artifact %s --image=carts --tag=%s\n' "${where[*]}" "$version"
context=$(keptn send event new-artifact "${where[@]}" --image=carts --tag="$version" --output=name)
run keptn get event sh.keptn.event.approval.triggered --keptn-context="$context" --stage=production --wait=60s --output=table
run keptn trace "$context"
run keptn get runs --project=laptop --state=open
