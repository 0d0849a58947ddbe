"""The blueprint of administration, which every module of its pages adds to."""

from flask import Blueprint

admin = Blueprint("admin", __name__)
