"""Planning: program → Argo's objects as data. The only stage that knows both vocabularies, the user's and Argo's."""
