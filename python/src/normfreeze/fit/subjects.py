"""What parameters are derived for: features, and sets of global features; and where the evidence on them is (src/pg/fit/subjects.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from .spec import _FeatureSpec, _FitSpec
from ..base.text import Error
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums
from ..scaler.evidence import _Evidence
from ..scaler.function_moments import _FunctionMoments
from ..values.histogram import _Histogram
from ..values.profile import Profile
from ..values.ranks import _CellValues


class _Subject:
    """A feature, or a set of global features that are taken together."""

    def __init__(self, spec: _FeatureSpec, members: list):
        self.spec, self.bounded, self.members = spec, spec.bounded, members
        self.moments, self.weighted, self.histogram, self.functions = _Moments(), _WeightedSums(), None, None

    @classmethod
    def of_feature(cls, spec: _FeatureSpec, profile: Profile, i: int, functions: _FunctionMoments | None) -> _Subject:
        subject = cls(spec, [i])
        subject.functions = functions
        subject.moments = profile._moments[i]
        subject.weighted = profile._weighted and profile._weighted[i]
        subject.histogram = profile._histograms and profile._histograms[i]
        return subject

    def add_member(self, spec: _FeatureSpec, profile: Profile, i: int, functions: _FunctionMoments | None):
        self.members.append(i)
        if functions:
            self.functions = functions.merged([self.functions] if self.functions else [])
        self.bounded = self.bounded and spec.bounded
        self.moments.merge(profile._moments[i])
        if profile._weighted:
            self.weighted.merge(profile._weighted[i])
        if profile._histograms:
            self.histogram = self.histogram or _Histogram(profile._distribution)
            self.histogram.merge(profile._histograms[i])

    def key(self):
        """Global features with the same key share their parameters."""
        earlier = tuple((step.method.name, *step[1:]) for step in self.spec.steps[:-1])
        rule = self.spec.rule()
        # clipped values count in the statistics of what is inside, others do not
        clips = rule is not None and not rule.of_all and self.spec.outside == "clip"
        return (self.spec.method.name, tuple(self.spec.options), self.spec.quantiles, len(self.spec.steps), self.spec.last_domain(), earlier,
                rule, clips)


def _subjects_of(spec: _FitSpec, profile: Profile, functions):
    """The subject of each feature itself, and the subject that its parameters are those of."""
    own = [_Subject.of_feature(spec.of(name), profile, i, functions.get(i))
           for i, name in enumerate(profile._names or [None] * len(profile))]
    found, shared = list(own), {}
    for i, subject in enumerate(own):
        if subject.spec.is_global:
            if subject.key() not in shared:
                shared[subject.key()] = _Subject(subject.spec, [])
            found[i] = shared[subject.key()]
            found[i].add_member(subject.spec, profile, i, subject.functions)
    for subject in shared.values():
        if subject.histogram:
            subject.histogram.settle()
    return own, found


def _label_of(names, i: int) -> str:
    return f'"{names[i]}"' if names else f"feature {i + 1}"


def _evidence_of(subject: _Subject, profile: Profile, stores, of_cells: bool) -> _Evidence | None:
    moments, histogram = subject.moments, subject.histogram
    if not of_cells and stores:
        first, *others = [stores[i] for i in subject.members]
        return _Evidence(moments, first.merged(others) if others else first)
    if histogram and not profile._weighted and (of_cells or histogram.is_exact()):
        histogram.settle()
        return _Evidence(moments, _CellValues(histogram, moments.min, moments.max))
    return None


def _find_evidence(subject: _Subject, profile: Profile, stores) -> _Evidence:
    """The source of answers for a subject's method.  Fails, naming its first feature, if there is none."""
    evidence = _evidence_of(subject, profile, stores, subject.spec.quantiles == "histogram")
    label = _label_of(profile._names, subject.members[0])
    has_steps = len(subject.spec.steps) > 1
    if evidence:
        return evidence
    if profile._weighted:
        raise Error("22023", f"the profile does not hold the weights of the values of {label}",
                    "It has sums of weighted values, and its distribution counts values without their weights.", "Fit the rows themselves.")
    if subject.histogram is None:
        raise Error("22023", f"a profile without distribution has no {'values for the steps of' if has_steps else 'quantiles for'} {label}",
                    hint="Fit the rows themselves.")
    in_cells = "Its distribution counts values in cells, not one by one."
    if has_steps:
        raise Error("22023", f"the profile does not hold each value of {label}, which its steps need", in_cells,
                    'Fit the rows themselves, or let cells stand for values: {"quantiles": "histogram"}.')
    raise Error("22023", f"the profile does not hold the exact quantiles of {label}", in_cells,
                'Fit the rows themselves, or accept quantiles interpolated within the cells: {"quantiles": "histogram"}.')


def _find_exact_evidence(subject: _Subject, profile: Profile, stores) -> _Evidence:
    """The same for what needs exact evidence, whatever option "quantiles" says."""
    evidence = _evidence_of(subject, profile, stores, False)
    if evidence:
        return evidence
    raise Error("22023", f"the profile does not hold the most frequent value of {_label_of(profile._names, subject.members[0])}",
                "Its distribution counts values in cells, not one by one." if subject.histogram else "It has no distribution.",
                "Fit the rows themselves.")
