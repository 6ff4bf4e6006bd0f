"""English words that no advice may have: health, unsafe orders, promises, technical words, markup."""

from __future__ import annotations

from fias_desktop.coach.guard.lexicon import either

MEDICAL = either(
    r"\b(?:injur\w+|pain\w*|hurt\w*|ach(?:e|es|ed|ing|y)|sore\w*|treat(?:ment|ments|ed|ing|s)?|therap\w*"
    r"|doctors?|physicians?"
    r"|physio\w*|diagnos\w*|medic\w*|heal|healing|heals|cures?|cured|rehab\w*|tendon\w*|tendin\w*|ligament\w*"
    r"|menisc\w*"
    r"|cartilage|arthrit\w*|discs?|herniat\w*|strain\w*|sprain\w*|damag\w*|inflam\w*|risks?|risky|danger\w*|surg\w*"
    r"|pressure|wear and tear|(?:un)?healthy|health|weakness|disorder|disease|condition|syndrome|symptoms?"
    r"|dizz\w*|faint\w*"
    r"|numb|numbness|nause\w*|vomit\w*|swell\w*|swollen|cramps?|spasms?|bruis\w*|fractur\w*|torn|tears? (?:your"
    r"|a|the)|nerves?"
    r"|pills?|ibuprofen|aspirin|painkill\w*|drugs?|blood|heart (?:attack|problem|disease|condition)|burn(?:s"
    r"|ing)? in your"
    r"|joints? (?:safe|healthy)|posture (?:problem|disorder)|scoliosis|sciatica|safe for)\b",
)
UNSAFE = either(
    r"\bignor\w*", r"\bpush (?:\w+ )?(?:through|past|beyond)\b(?! your)", r"\bpush past\b", r"\bno pain\b",
    r"\bgrit your",
    r"\bno (?:need|reason|time) (?:to|for) (?:a |any )?(?:rest|stop|pause|warm|break|recover)\w*",
    r"\b(?:do not|don't|never|must not|no) (?:\w+ )?(?:rest|stop|pause|take (?:a |any )?breaks?|warm|slow down"
    r"|recover)\b",
    r"\b(?:skip|forget(?: about)?|cut|drop|leave out) (?:\w+ )?(?:rest|breaks?|pause|warm[- ]?up|recovery|water)\b",
    r"\bwithout (?:a |any )?(?:rest\w*|breaks?|paus\w+|stopping|warm\w*|breath\w*|a break)\b",
    r"\bhold(?:ing)? (?:your|the|a deep) breath\b", r"\b(?:stop|don't|do not|never) breath\w*",
    r"\bwithout breathing\b",
    r"\bas (?:heavy|fast|hard|quick|quickly|deep|far|many|much|long) (?:\w+ ){0,3}(?:as )?(?:you can|possible"
    r"|humanly)",
    r"\block (?:out )?(?:your |the |both )?(?:joints?|knees?|elbows?|arms?|legs?)\b",
    r"\block (?:them|it) (?:out )?hard",
    r"\b(?:hyper|over)[- ]?(?:extend|stretch|train)\w*",
    r"\b(?:go|move|do \w+|work|train|drop|come|lower|rise|repeat) (?:\w+ ){0,3}(?:faster|quicker|harder|heavier)\b",
    r"\b(?:faster|quicker|heavier)\b", r"\bspeed\w*(?: it| things)? up\b", r"\bat full speed\b", r"\bmore speed\b",
    r"\b(?:quickly|rapidly|explosive\w*|fast)\b", r"\bas quick\w*", r"\bhurry\b", r"\brush (?:through|it|the)\b",
    r"\b(?:add|use|take|lift|grab|hold|carry|double) (?:\w+ ){0,3}(?:weights?|load|plates?|kilos?|barbells?"
    r"|dumbbells?)\b",
    r"\b(?:max(?:imum|imal)?|heaviest|heavy) (?:weights?|loads?|effort|lifts?|bar)\b",
    r"\bdouble (?:the|your) (?:load|reps|sets|weight)",
    r"\bto (?:total |complete |muscle )?(?:failure|exhaustion)\b", r"\buntil (?:you|your \w+) (?:drop|collapse"
    r"|fail|faint|give|burn|shake"
    r"|cannot|can't|can no)\w*", r"\b(?:exhaust\w*|collaps\w* (?:on|to) the)\b", r"\bthrow yourself\b",
    r"\bdrop (?:down )?hard\b",
    r"\b(?:jerk|jolt|bounce|slam|snap|fling|yank)\b", r"\b(?:force|forcing) (?:your|the|it|yourself)\b",
    r"\bclose your eyes\b",
    r"\b(?:supplements?|protein|creatine|steroids?|testosterone|caffeine|energy drinks?|vitamins?|collagen)\b",
    r"\b(?:diets?|calor\w+|burn(?:s|ing)? (?:off )?(?:fat|belly)|fat loss|lose (?:\w+ ){0,2}(?:weight|fat"
    r"|kilos?|pounds?)|weight loss"
    r"|slim\w*|six[- ]pack|body fat|fasting|skip (?:a |your )?meals?)\b",
    r"\b(?:guarantee\w*|promise\w*|prevents?|protects? (?:you|your)|cures?)\b", r"\b(?:alcohol|beer|wine)\b",
    r"\b(?:bad|harmful|good|great) for your (?:knees?|back|joints?|heart|spine|hips?)\b",
    r"\b(?:round|arch|twist|hunch|crane|crank) your (?:lower |upper )?(?:back|spine|neck|knees?)\b",
    r"\bbend your (?:spine|neck)\b",
    r"\b(?:tired|fatigue\w*|dizzy|weak)\b(?= (?:is|does|doesn't|muscles))", r"\bkeep going (?:no matter|even"
    r"|until you|although|whatever)",
    r"\bno matter (?:what|how)\b", r"\beven (?:if|when|though) (?:it|you|your)\b(?! (?:feels easy))",
    r"\bstop only when you (?:can't|cannot)",
    r"\b(?:every|each) (?:single )?day without\b", r"\bsafety (?:is|does)\b", r"\btough it out\b",
    r"\bgo all out\b", r"\bpower through\b",
    r"\bwork through\b", r"\bstop being\b", r"\bmomentum\b", r"\bbarbells?|\bdumbbells?|\bkettlebells?"
    r"|\bthe bar\b|\bweights?\b(?! (?:on|over|in|to|back|is|was|should|stay))", r"\bload\b",
    r"\b(?:forget|stop|skip|avoid|ignore|mind)\w* (?:about )?(?:your |the )?(?:breath\w*|rest\w*|form|technique"
    r"|water|warm)",
    r"\b(?:fixes|mends|cure|rid of|relieves?|eases?) (?:your |the )?(?:back|knee|hip|joint"
    r"|shoulder)\w*(?: (?:trouble|problem|issue|ache))?",
    r"\b(?:weak|bad|damaged|worn|stiff|unstable|crooked) (?:back|knees?|hips?|joints?|shoulders?|spine|neck"
    r"|muscles?|heart|core)\b",
    r"\b(?:sting\w*|burning|burns?|throb\w*|tingl\w*|discomfort|uncomfortable|agony|suffer\w*|limp\w*|shaky"
    r"|shaking|sick|ill)\b",
    r"\b(?:twice|three times|double|triple) (?:as (?:many|fast|much|hard)|the|your)\b",
    r"\b(?:all|everything) (?:that )?you (?:have|got|can)\b",
    r"\b(?:jump|leap|throw|hurl|crash|smash|fall|plunge) (?:up|down|to|into|out|yourself|onto)\b",
    r"\blet yourself (?:fall|drop|go)\b",
    r"\b(?:pull|push|press|crank|tug) (?:on|against) your (?:neck|head|spine)\b", r"\buntil (?:you|it|your \w+"
    r"|everything|nothing) (?:can|drop|fall|sting|fail"
    r"|hurt|collaps|give|shak|burn|faint|are (?:exhausted|spent|done))\w*", r"\btwist\w*\b",
    r"\bhold nothing back\b|\bno limits?\b|\bbeyond your limits?\b",
    r"\b(?:do not|don't|never|no need to) (?:worry|care|bother|mind|think) (?:about )?(?:your |the "
    r"|any )?(?:form|technique|rest|tired\w*|pace|limits?|floor)",
    r"\b(?:sweat it out|go till|keep training|train (?:every|each|twice|through|harder|daily)|overdo"
    r"|overload)\b", r"\b(?:every|each) hour\b|\b24/7\b",
    r"\bno (?:breaks?|rest|pauses?|stopping|warm-?up|water)\b", r"\bas (?:low|high|wide|hard"
    r"|strong) as (?:you can|possible)", r"\bat (?:all|any) costs?\b",
    r"\b(?:scream|rage|adrenaline|smoke|smoking|coffee)\b", r"\bwith(?:out)? (?:maximum|full|total|brute"
    r"|any) (?:force|power|control|speed|care)\b",
    r"\bswing\w*\b", r"\bforce\b", r"\bjust (?:keep going|go on|carry on) (?:when|if|even|although|until"
    r"|through|despite)\b", r"\bdespite\b", r"\bexplod\w+\b",
    r"\b(?:instantly|immediately|overnight) \w+ (?:better|stronger|fitter)\b", r"\byounger\b",
    r"\bdeadlin\w*\b", r"\bskinny|\bthinner|\bpounds\b|\bkilos\b",
    r"\block\w* (?:out|them|your|it|both|the)\b", r"\bmuscle (?:up|through)\b", r"\bnever mind the\b",
    r"\brest is for\b", r"\bdon't be (?:lazy|weak)\b",
)  # fmt: skip
JARGON = either(
    r"\b(?:salien\w+|grad-?cam|heat ?maps?|heat|hottest|neural|networks?|classif\w*|class|probab\w*|logits?"
    r"|confiden\w*|model"
    r"|valgus|varus|flexion|extension|kinematic\w*|kinetic|biomechan\w*|activat\w*|sagittal|lumbar|lordosis|abduction"
    r"|adduction|dorsiflexion|pronat\w+|supinat\w+|keypoints?|algorithm|dataset|prompt|json|ratio"
    r"|percent of heat|frames?"
    r"|quadriceps|gluteus|femur|tibia|patella|anterior|posterior|eccentric|concentric|evidence|detected|detection)\b",
)
MARKUP = either(
    r"[<>{}\[\]|*#_`~\\@]", r"https?:", r"www\.", r"\n\s*[-•\d]+[.)]?\s",
    r"(?:^|\n)\s*(?:Fault|Hottest|Seen as|Spread|Parts|Wanted|Voice"
    r"|Advice):\s(?=.*(?:worst in repetition \d+ .*expected|$))",
    r"\b(?:Hottest|Seen as|Spread|Parts|Wanted|Voice|Advice):",
)  # fmt: skip

BANNED = (
    (MEDICAL, "it speaks of health"),
    (UNSAFE, "it gives unsafe advice"),
    (JARGON, "it uses a technical word"),
    (MARKUP, "it is not plain text"),
)
