"""The blueprint of ideas, which every module of their pages adds to."""

from flask import Blueprint

ideas = Blueprint("ideas", __name__)
