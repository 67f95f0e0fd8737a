"""Deriving the recipe of a scaler from a profile (src/pg/fit/fit.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

import numpy as np

from .refusals import _nothing_left, _range_refusal, _refusal
from .spec import _BAD_PARAMETER, _FeatureSpec, _FitSpec, _check_spec_names
from .subjects import _Subject, _find_evidence, _find_exact_evidence, _label_of, _subjects_of
from ..apply.rows import _check_environment
from ..base.text import Error, _float_text
from ..exact.moments import _Moments
from ..scaler.derive import _DERIVATIONS, _Derived, _NoParameters, _are_usable, _derive, _formula_of, _option_place
from ..scaler.derive_range import _clipped_range, _derive_range
from ..scaler.derive_steps import _StepsFit, _settle_options
from ..scaler.formulas import _FORMULA_NAMED
from ..scaler.methods import _IMPUTING, _RANGE_UNKNOWN
from ..scaler.recipe import _Feature, _feature_problem
from ..scaler.steps import _Undefined, _apply_steps
from ..values.profile import Profile


def _no_rows_to_fit() -> Error:
    return Error("P0002", "there are no rows to fit", hint="There are no rows at all, or all weights are 0.")


class _Outcome:
    """What was derived for a subject: the parameters of its method, or of each of its steps; or why it has none."""

    def __init__(self, subject: _Subject, profile: Profile, stores):
        spec = subject.spec
        evidence = None
        self.range_alone = False
        if spec.derives_from_values() and subject.moments.count > 0:
            self.range_alone = not (spec.quantiles == "histogram" and subject.histogram) and spec.follows_from_range()
            if not self.range_alone and not subject.functions:
                evidence = _find_evidence(subject, profile, stores)
        self.why, self.derived, self.before, self.domain = None, _Derived(), [], None
        self.last_options = list(spec.options)      # of the last step, also if the problem is an earlier one
        reached_last = False
        self.range = None           # by the rule of the spec, if it gives one
        self.step, self.options, self.moments = 0, self.last_options, subject.moments
        try:
            fit = _StepsFit(*self._in_range(subject, evidence, profile), subject.histogram is not None and subject.histogram.zeros > 0,
                            self.range_alone, subject.functions if subject.moments.count else None)
            self.fit = fit
            for self.step, step in enumerate(spec.steps[:-1]):
                self.options, self.moments = list(step.options), fit.moments
                self.before.append(fit.apply_step(step, self.options))
            self.step, self.options, self.moments = len(self.before), self.last_options, fit.moments
            fit.check_overflow()
            self.domain = fit.apply_domain(_formula_of(spec.method, self.options), spec.last_domain())
            self.moments, reached_last = fit.moments, True
            self.given = fit.input(spec.method, self.options, subject.bounded)
            self.derived = _derive(self.given, spec.is_shifted())
        except _NoParameters as why:
            self.why = why
        if not reached_last:
            _settle_options(spec.method, self.last_options)

    def _in_range(self, subject: _Subject, evidence, profile: Profile):
        """
        Moments of, evidence on, and weighted sums of the values from which parameters come: all, or as the range by a rule leaves
        them.
        """
        rule = subject.spec.rule()
        weighted = subject.weighted if profile._weighted else None
        if rule is None:
            return subject.moments, evidence, weighted
        low, high, is_one_value = _derive_range(rule, subject.moments, weighted, evidence)
        self.range = low, high
        if is_one_value:
            raise _NoParameters("range one value")
        if rule.of_all:
            return subject.moments, evidence, weighted
        if self.range_alone:
            return _clipped_range(subject.moments, low, high), None, None
        inside = evidence.inside(low, high, subject.spec.outside == "clip")
        if inside.moments.count == 0:
            raise _NoParameters("range empty")
        return inside.moments, inside, inside.weighted_sums()

    def refusal(self, why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str) -> Error:
        if why.reason.startswith("range "):
            return _range_refusal(why, spec, self.moments, label, self.range)
        if why.reason == "no values" and moments.count:
            place = f"step {self.step + 1} of {len(spec.steps)}" if len(spec.steps) > 1 else f"method {spec.method.name}"
            return _nothing_left(moments, label, place)
        # without values no step is the reason
        if len(spec.steps) <= 1 or self.why is not why or moments.count == 0:
            return _refusal(why, spec, self.options, moments, label)
        place = f"step {self.step + 1} of {len(spec.steps)}"
        if why.reason == "infinite":
            infinite = self.moments.infinite
            how_many = "" if self.fit.range_alone else f": {infinite} of {self.moments.count + infinite}"
            return Error("22003", f"{label} has results beyond float8 before {place}{how_many}",
                         hint='Rescale the column, choose other steps, or have the feature give NULL: {"unfit": "null"}.')
        # the options of a step are those of a feature of its own
        step = spec.copy()
        step.method, step.bounded = spec.steps[self.step].method, spec.steps[self.step].bounded
        return _refusal(why, step, self.options, self.moments, f"{label}, as {place} gets it,")


def _option_of(step, name: str):
    place, width = _option_place(step.method, name)
    return step.options[place] if width else 0.0


def _check_weights(spec: _FeatureSpec, label: str):
    names = [step.method.name for step in spec.steps[:-1]] + [spec.method.name]
    without = next((name for name in names if not _DERIVATIONS[name].takes_weights), None)
    imputes = {"median": "the median to impute", "most_frequent": "the most frequent value to impute"}.get(spec.missing)
    if without or imputes:
        raise Error("0A000", f"{f'method {without}' if without else imputes} of {label} takes no weights",
                    hint="Weights are for methods that follow from sums, such as standard; repeat rows, or fit without weights.")
    if spec.derives_from_values() and spec.quantiles == "histogram":
        raise Error("0A000", f'option "quantiles" of {label} cannot be "histogram" in a fit with weights',
                    "The cells of a distribution count values, without their weights.", "Leave it out.")
    rule = spec.rule()
    if rule and rule.kind.name != "deviations":
        raise Error("0A000", f"the range of {label} takes no weights", f"The range {rule.text()} is one of values by their ranks.",
                    'With weights a range is a number of deviations from the mean: {"range": {"deviations": 3}}.')
    if rule and rule.kind.beside == "ddof" and rule.numbers[1]:
        raise Error("0A000", 'option "ddof" of a range must be 0 in a fit with weights',
                    "What to subtract depends on whether weights are counts or reliabilities.")
    if spec.option("ddof") or any(_option_of(step, "ddof") for step in spec.steps[:-1]):
        raise Error("0A000", 'option "ddof" must be 0 in a fit with weights',
                    "What to subtract depends on whether weights are counts or reliabilities.")


def _own_mean(subject: _Subject, profile: Profile) -> float:
    return subject.weighted.mean() if profile._weighted else subject.moments.mean()


def _imputed_value(own: _Subject, profile: Profile, stores) -> float:
    missing, moments = own.spec.missing, own.moments
    if missing == "constant":
        return own.spec.imputed
    if missing == "mean":
        return _own_mean(own, profile)
    if missing == "median":
        return _find_evidence(own, profile, stores).median() if moments.count else 0.0
    if missing == "most_frequent":
        return _find_exact_evidence(own, profile, stores).most_frequent() if moments.count else 0.0
    return {"min": moments.min, "max": moments.max}.get(missing, 0.0)


def _why_unfit(spec: _FeatureSpec, outcome: _Outcome, moments: _Moments) -> _NoParameters | None:
    if moments.infinite and not spec.skip_infinite:
        return _NoParameters("infinite")
    # a global feature without values takes the parameters of the others, but its options may need values of its own
    if moments.count == 0 and (spec.needs_own_values() or spec.empty == "null"):
        return _NoParameters("no values")
    return outcome.why


def _intercept_value(own: _Subject, outcome: _Outcome, profile: Profile, stores) -> float:
    """An intercept is a number, or a statistic of the values from which the parameters come."""
    spec, source, moments = own.spec, own.spec.intercept, own.moments
    if source == "number":
        return spec.intercept_number
    weighted = own.weighted if profile._weighted else None
    if spec.range_rule and not spec.of_all:
        inside = _find_evidence(own, profile, stores).inside(*outcome.range, spec.outside == "clip")
        moments, weighted = inside.moments, inside.weighted_sums()
    value = {"min": moments.min, "max": moments.max}.get(source.lstrip("-"))
    if value is None:
        value = weighted.mean() if weighted else moments.mean()
    return -value if source.startswith("-") else value


def _formula_and_parameters(own: _Subject, outcome: _Outcome, profile: Profile, stores):
    spec, derivation = own.spec, _DERIVATIONS[own.spec.method.name]
    derived = outcome.derived
    if derivation.given:
        derived = derived._replace(parameters=(spec.center, spec.scale))
    if not spec.is_shifted():
        formula, parameters = _formula_of(spec.method, outcome.last_options), derived.parameters
    else:
        formula = _FORMULA_NAMED["scale_shift"]
        parameters = (*derivation.location_scale(outcome.given, derived), spec.multiplier, _intercept_value(own, outcome, profile, stores))
    return formula, tuple(value + 0.0 for value in parameters), derived


def _without_parameters(feature: _Feature, policy: str) -> _Feature:
    """
    A feature whose values pass as they are or give NULL.  Policies that need training values are dropped if there are
    none; for NULL both policies are dropped in any case.
    """
    made = feature._replace(formula=_FORMULA_NAMED["identity"], parameters=(), table=None, intercept=None,
                            constant=True, unfit=True, if_constant=policy)
    unknown = not feature.range_is_known()
    if policy == "null" or (feature.missing in _IMPUTING[2:] and unknown):
        made = made._replace(missing="keep", imputed=None)
    if policy == "null" or unknown:
        made = made._replace(outside="keep")
    return made


def _with_range(feature: _Feature, spec: _FeatureSpec, outcome: _Outcome) -> _Feature:
    """A feature with the range by its rule, if values outside are not kept and the rule gave one."""
    if outcome.range is None or feature.outside == "keep":
        return feature
    return feature._replace(lower=outcome.range[0], upper=outcome.range[1], range_rule=spec.rule())


def _fit_feature(i: int, name, target: bool, own: _Subject, outcome: _Outcome, profile: Profile, stores) -> _Feature:
    spec, moments, label = own.spec, own.moments, _label_of(profile._names, i)
    imputed = _imputed_value(own, profile, stores)
    known = moments.count > 0
    feature = _Feature(
        name=name, method=spec.method, options=tuple(outcome.last_options), formula=None, parameters=(), table=None,
        lower=moments.min if known else -_RANGE_UNKNOWN, upper=moments.max if known else _RANGE_UNKNOWN, constant=False,
        target=target, missing=spec.missing, imputed=imputed + 0.0 if spec.missing in _IMPUTING else None, outside=spec.outside,
        if_constant=spec.constant, quantiles=spec.quantiles if spec.needs_quantiles() else "none", intercept=None,
        is_global=spec.is_global, imported=False, unfit=False)
    feature = _with_range(feature, spec, outcome)
    why = _why_unfit(spec, outcome, moments)
    if why:
        policy = spec.empty if why.reason == "no values" and spec.empty is not None else spec.unfit
        if policy == "error":
            raise outcome.refusal(why, spec, moments if why.reason in ("infinite", "no values") else outcome.moments, label)
        if spec.range_rule and outcome.range is None:
            feature = feature._replace(outside="keep")
        made = _without_parameters(feature, policy)
        if made.outside == "keep":
            made = made._replace(lower=moments.min if known else -_RANGE_UNKNOWN, upper=moments.max if known else _RANGE_UNKNOWN,
                                 range_rule=None)
        return made._replace(clips=None if policy == "null" else spec.clip)
    if outcome.derived.constant and spec.constant == "error":
        raise Error("22000", f"{label} is constant",
                    f"Its spread by method {spec.method.name} is zero over {outcome.moments.count} values.",
                    'Leave it out, or choose {"constant": "unit"} or {"constant": "null"}.')
    formula, parameters, derived = _formula_and_parameters(own, outcome, profile, stores)
    given = _DERIVATIONS[spec.method.name].given
    feature = feature._replace(formula=formula, parameters=parameters, table=derived.table if formula.table else None,
                               constant=derived.constant, intercept=spec.intercept if spec.is_shifted() else None,
                               imported=given, is_global=spec.is_global and not given, before=tuple(outcome.before),
                               domain=outcome.domain, clips=spec.clip)
    if not _are_usable(formula, parameters):
        raise _refusal(_NoParameters("not finite"), spec, outcome.last_options, moments, label)
    if spec.missing in _IMPUTING and not math.isfinite(imputed):
        raise Error("22003", f"the value to impute for {label} is beyond float8",
                    hint="Impute a constant, or rescale the column.")
    _check_imputed_is_defined(feature, label)
    return feature


def _check_imputed_is_defined(feature: _Feature, label: str):
    """Fail if a formula is not defined for the value that is imputed, and its policy refuses such values."""
    if feature.imputed is None:
        return
    try:
        with np.errstate(all="ignore"):
            _apply_steps(feature, np.array([feature.imputed]), np.zeros(1, bool))
    except _Undefined as refused:
        raise Error("22003", f"the value to impute for {label} is {_float_text(feature.imputed)}, for which "
                    f"{refused.formula.name} is not defined",
                    hint='Impute another value with option "missing", or choose {"domain": "null"} or {"domain": "clip"}.') from None


def _check_groups_differ(subjects, outcomes):
    """
    Fail if two sets of global features have the same options once defaults that depend on the data are settled.  In the
    scaler, they would be one set.
    """
    seen = set()
    for subject in {id(subject): subject for subject in subjects if subject.spec.is_global}.values():
        name, _, *rest = subject.key()
        key = name, tuple(outcomes[id(subject)].options), *rest
        if key in seen:
            raise Error(_BAD_PARAMETER, 'global features with and without option "n_quantiles" have the same number of quantiles',
                        hint='Give "n_quantiles" to all global features, or to none.')
        seen.add(key)


def _fit_features(spec: _FitSpec, profile: Profile, stores, functions) -> list:
    """
    Fit every feature of a settled profile.  `stores` have the values of the features that need them, or are None;
    `functions` the _FunctionMoments of those that need no more.
    """
    _check_environment()
    names = profile._names
    _check_spec_names(spec, names, len(profile))
    own, shared = _subjects_of(spec, profile, functions)
    for i, subject in enumerate(own):
        if profile._weighted:
            _check_weights(subject.spec, _label_of(names, i))
    outcomes = {}
    for subject in shared:
        if id(subject) not in outcomes:
            outcomes[id(subject)] = _Outcome(subject, profile, stores)
    _check_groups_differ(shared, outcomes)
    targets = set(spec.target)
    features = [_fit_feature(i, name, name in targets, own[i], outcomes[id(shared[i])], profile, stores)
                for i, name in enumerate(names or [None] * len(profile))]
    for feature in features:
        problem = _feature_problem(feature)
        if problem:
            raise AssertionError(f"fit made an unsound scaler: {problem}")
    return features
