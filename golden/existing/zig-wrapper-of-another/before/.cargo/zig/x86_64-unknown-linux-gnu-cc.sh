#!/bin/sh
zig cc "$@"
