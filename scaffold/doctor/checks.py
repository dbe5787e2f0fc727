"""Every check of `doctor`: each is a function with its code, in the module of what it is about."""

from scaffold.doctor import desktop, gradle, hosts, ndk, project, rust
from scaffold.doctor.check import RULES, Check
from scaffold.doctor.facts import MachineFacts, ProjectFacts

_MODULES = [module.__name__ for module in (project, rust, ndk, gradle, desktop, hosts)]
# One of each in every document, in this order.
CODES = tuple(sorted(RULES, key=lambda code: _MODULES.index(RULES[code].__module__)))


def checks(of: ProjectFacts, machine: MachineFacts) -> tuple[Check, ...]:
    """Every check once, whatever the machine, in the order of CODES."""
    return tuple(Check(code, *RULES[code](of, machine)) for code in CODES)
