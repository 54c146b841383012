/** The nodes of the tree "Python Dependencies". */

import type { Declared } from '../projects';
import type { DependencyList, Project } from '../protocol';

/** A project; `uri` is that of its pyproject.toml, as in all nodes. */
export interface ProjectNode {
    readonly kind: 'project';
    readonly uri: string;
    readonly project: Project;
}

/** A list of dependencies: those of the project, an extra, a group. */
export interface ListNode {
    readonly kind: 'list';
    readonly uri: string;
    readonly list: DependencyList;
}

/** A declared dependency; below it stands who else needs it. */
export interface DependencyNode {
    readonly kind: 'dependency';
    readonly uri: string;
    readonly name: string;
    readonly declared: Declared;
}

/** A locked package that needs what stands above it. */
export interface ParentNode {
    readonly kind: 'parent';
    readonly uri: string;
    readonly name: string;
    readonly version: string;
    readonly constraint: string;
    /** The packages above it, so that a circle ends. */
    readonly path: readonly string[];
}

/** A list of the project that names what stands above it. */
export interface DirectNode {
    readonly kind: 'direct';
    readonly uri: string;
    readonly list: string;
}

export type Node = ProjectNode | ListNode | DependencyNode | ParentNode | DirectNode;
