#!/usr/bin/env bash
# A first delivery, from the project to its evaluation, with the keptn command:
#
#   npm run first-delivery [-- PROJECT]
#
# It plays the person who creates a project, the CI job that announces a new artifact, and the services that deploy and test
# it and answer with events in the same Keptn context. Keptn judges the result and promotes the artifact to the next stage.
set -euo pipefail
cd "$(dirname "$0")/examples"

project=${1:-sockshop}
stage=dev
image=docker.io/keptnexamples/carts
tag=0.13.1

# Prints a command, then runs it.
run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

# Sends an event of the delivery: type, source, and the data that is its own.
answer() {
  printf '\n%s answers: %s\n' "$2" "$1"
  keptn send event --file=- <<EVENT
{
  "type": "sh.keptn.events.$1",
  "source": "$2",
  "shkeptncontext": "$context",
  "data": {
    "project": "$project", "stage": "$stage", "service": "carts", "labels": null,
    "teststrategy": "functional", "deploymentstrategy": "direct", $3
  }
}
EVENT
}

run keptn status

# A project with two services, and what decides about their quality.
run keptn create project "$project" --shipyard=shipyard.yaml
run keptn onboard service carts --project="$project" --chart=carts.tgz
run keptn onboard service carts-db --project="$project" --chart=carts-db.tgz
for resource in slo.yaml:slo.yaml sli.yaml:prometheus/sli.yaml load.jmx:jmeter/load.jmx; do
  run keptn add-resource --project="$project" --stage=$stage --service=carts \
    --resource="${resource%%:*}" --resourceUri="${resource#*:}"
done

# A new artifact, and the events with which it is deployed and tested. The values that a monitoring system would have are in
# the last one.
printf '\n$ keptn send event new-artifact --project=%s --service=carts --image=%s --tag=%s\n' "$project" $image $tag
context=$(keptn send event new-artifact --project="$project" --service=carts --image=$image --tag=$tag --output=name)
echo "ID of Keptn context: $context"

start=$(date -u +%Y-%m-%dT%H:%M:%SZ)
answer deployment-finished helm-service "\"image\": \"$image\", \"tag\": \"$tag\""
answer tests-finished jmeter-service "\"start\": \"$start\", \"end\": \"$start\", \"result\": \"pass\", \"indicatorValues\": [
      { \"metric\": \"response_time_p95\", \"value\": 312.4, \"success\": true }
    ]"

# The verdict, by slo.yaml, and what follows from it.
run keptn get event evaluation-done --keptn-context="$context" --wait=60s --output=table
run keptn get event sh.keptn.event.configuration.change --keptn-context="$context" --stage=staging --wait=60s --output=table

# What has become of it.
run keptn trace "$context"
run keptn get resources --project="$project" --stage=$stage --service=carts
run keptn history slo.yaml --project="$project" --stage=$stage --service=carts
run keptn get service carts --project="$project"
