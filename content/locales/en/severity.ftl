# The severity after ENISA (2013)
entry-severity-answered = Severity, { $question }: { $answer }

enisa-title = Severity (ENISA)
enisa-lead = Answer one question at a time on the data, the ease of identification and the circumstances, and the score tells how hard it hits the people. You can begin before everything is known.
enisa-start = Begin the assessment
enisa-continue = Go on answering
enisa-open = { $count ->
    [one] One question is not known yet, so the score is a range.
   *[other] { $count } questions are not known yet, so the score is a range.
}
enisa-level-low = Low
enisa-level-medium = Medium
enisa-level-high = High
enisa-level-very-high = Very high
enisa-level-between = { $lowest } to { $highest }
enisa-at-worst = At worst:
enisa-part-dpc = The data (DPC)
enisa-part-ei = Identification (EI)
enisa-part-cb = Circumstances (CB)
enisa-formula = SE = DPC × EI + CB
enisa-answers = Answers
enisa-change = Change answer
enisa-look = See the criteria
enisa-flag-people-yes = More than 100 people
enisa-flag-people-no = 100 people or fewer
enisa-flag-people-unknown = More than 100 people? Not known yet
enisa-flag-unintelligible-yes = Encrypted, and the key is safe
enisa-flag-unintelligible-no = Not protected by encryption
enisa-flag-unintelligible-unknown = Encrypted? Not known yet
enisa-flag-fact = See the answer
enisa-flags-note = These two do not change the score, but weigh in the judgement.
enisa-caution-title = The score never replaces the duty
enisa-caution = However low the score, a duty to report or to notify stays. The Polish authority (UODO) fined Link4 PLN 103,752: it had relied on a “low” ENISA result and had not notified. Check the duties under “Authorities”.
enisa-source = Source:

enisa-back = Back to the data at risk
enisa-step = Question { $number } of { $all }
enisa-not-counted = This category is not chosen, so the answer here does not count.
enisa-items = Items of this case:
enisa-table = A guide by identifier
enisa-identifier = Identifier
enisa-base = Basic score
enisa-points = points
enisa-from = basic
enisa-example = Example:
enisa-unknown-hint = Not knowing is an answer too. The score becomes the range that is possible.
enisa-save-next = Save and go on
enisa-save-result = Save and see the result
enisa-previous = Question before
