"""`scaffold.yml`: changed line by line, as it is the user's to edit."""

from scaffold.answers.reading import decode_answers, read_given
from scaffold.answers.writing import change_answers
from scaffold.artifacts.answers_file import AnswersFile
from scaffold.artifacts.model import Artifact
from scaffold.errors import Refusal
from scaffold.merge.form import read_form, write_form
from scaffold.project.reconcile.model import FileChange, Options


def answers_change(
    artifact: Artifact, new: str, mine: bytes | None, options: Options
) -> FileChange:
    """What becomes of `scaffold.yml`, `new` being its whole text on the first day."""
    values = artifact.values
    if not isinstance(values, AnswersFile):
        raise TypeError(artifact.id)
    made = FileChange(
        artifact.id, artifact.path, "create", artifact.reason, new.encode(), new, after=new
    )
    if mine is None:
        return made
    change = FileChange(artifact.id, artifact.path, "identical", artifact.reason)
    try:
        text = decode_answers(mine, artifact.path).replace("\r\n", "\n")
        problems = read_given(text, artifact.path).problems
    except Refusal as refusal:
        text, problems = "", refusal.problems
    if problems:
        if options.adopt:
            return made._replace(action="update", reason="replaces your file")
        why = f"{problems[0].place}: {problems[0].message}; --adopt replaces the file"
        return change._replace(action="conflict", reason=why)
    added = set(options.add) & set(values.names)
    changed = change_answers(text, values.answers, added)
    change = change._replace(base=changed, before=text, after=changed)
    if changed == text:
        return change
    data = write_form(changed, read_form(mine)[1])
    return change._replace(action="update", reason="the changed answers", data=data)
