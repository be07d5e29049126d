import { Component, type ComponentChild, createElement, type FunctionComponent } from 'preact';

interface Given<Item> {
  of: Item;
}

/** A row that is drawn again only when its item changed (what it watches itself apart): lists are long and change often. */
export function once<Item>(Row: FunctionComponent<Given<Item>>) {
  return class extends Component<Given<Item>> {
    override shouldComponentUpdate(next: Given<Item>): boolean {
      return next.of !== this.props.of;
    }

    override render(): ComponentChild {
      return createElement(Row, this.props);
    }
  };
}
